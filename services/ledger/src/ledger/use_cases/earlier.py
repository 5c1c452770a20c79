"""What the obligations of a case, as they are kept, have moved so far."""

from collections.abc import Sequence

from ledger.domain.obligations import BookSide, Direction, Earlier, ObligationState, is_ours_to_move
from ledger.domain.orders import COMMITTED, OrderState
from ledger.repository.obligations import ObligationRow

_MOVED_NOTHING = frozenset({ObligationState.CANCELLED, ObligationState.RETURNED})
_ARRIVED = frozenset({ObligationState.MATCHED, ObligationState.CREDITED, ObligationState.SETTLED})


def earlier_of(rows: Sequence[ObligationRow]) -> list[Earlier]:
    """Those that count; one whose payment came back, or that was cancelled, has moved nothing."""
    return [_earlier(row) for row in rows if row.state not in _MOVED_NOTHING]


def _earlier(row: ObligationRow) -> Earlier:
    direction = Direction(row.direction)
    if direction is Direction.NOTHING:
        return Earlier(row.id, direction, 0, is_committed=True)
    if is_ours_to_move(BookSide(row.side), direction):
        is_committed = row.order_state is not None and OrderState(row.order_state) in COMMITTED
    else:
        # What came in part is on its way: the payer has released all of it.
        is_committed = row.state in _ARRIVED or row.claimed_fen > 0
    return Earlier(row.id, direction, row.due_fen, is_committed)
