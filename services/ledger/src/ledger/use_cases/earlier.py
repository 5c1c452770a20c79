"""What the obligations of a case, as they are kept, have moved so far."""

from collections.abc import Iterable, Sequence

from ledger.domain.obligations import (
    BookSide,
    Direction,
    Earlier,
    ObligationState,
    Owed,
    Reason,
    is_ours_to_move,
    owed_by_version,
)
from ledger.domain.orders import COMMITTED, UNRELEASED, OrderState
from ledger.repository.obligations import ObligationRow
from shared.law import design

_MOVED_NOTHING = frozenset({ObligationState.CANCELLED, ObligationState.RETURNED})
_ARRIVED = frozenset({ObligationState.MATCHED, ObligationState.CREDITED, ObligationState.SETTLED})
_GIVEN_FREE = COMMITTED | UNRELEASED - {OrderState.HELD}
"""A return leaves ``held`` by the inbound's word only, which does not count on it any more."""


def earlier_of(rows: Sequence[ObligationRow]) -> list[Earlier]:
    """Those that count; one whose payment came back, or that was cancelled, has moved nothing."""
    return [_earlier(row) for row in rows if row.state not in _MOVED_NOTHING]


def _earlier(row: ObligationRow) -> Earlier:
    direction = Direction(row.direction)
    if direction is Direction.NOTHING:
        return Earlier(row.id, direction, 0, is_committed=True)
    if is_ours_to_move(BookSide(row.side), direction):
        committed = COMMITTED if direction is Direction.PAY else _GIVEN_FREE
        is_committed = row.order_state is not None and OrderState(row.order_state) in committed
    else:
        # What came in part is on its way: the payer has released all of it.
        is_committed = row.state in _ARRIVED or row.claimed_fen > 0
    return Earlier(row.id, direction, row.due_fen, is_committed)


@design("what came back is paid anew only as far as the last version still lacks it")
def lacks(obligation_id: int, rows: Sequence[ObligationRow]) -> bool:
    """Whether what came back of one of a case's ``rows`` is still owed.

    A version that came later may have counted it as moved, or owes it itself; after the end of a case nothing is paid.
    """
    one = next(row for row in rows if row.id == obligation_id)
    is_over = any(row.reason == Reason.TERMINATION for row in rows)
    if one.direction == Direction.PAY and is_over:
        return False
    if one.reason == Reason.ADDENDUM:
        return True
    versions = [row for row in rows if row.reason != Reason.ADDENDUM]
    owed = owed_by_version(versions[-1].amount_fen, _all_moved(row for row in versions if row is not one))
    return owed.direction == one.direction and owed.due_fen >= one.due_fen


@design("a payment that a later version overtook counts when it arrives")
def owed_after_arrival(versions: Sequence[ObligationRow]) -> Owed | None:
    """What the last of a payee's ``versions`` owes, now that an older payment has come that was not counted for it.

    ``None`` where it owes what it owed, or has moved itself already: then the rest is the clerks'.
    """
    last = versions[-1]
    is_moving = last.order_state is not None or last.claimed_fen > 0
    if last.state not in (ObligationState.OPEN, ObligationState.SETTLED) or is_moving:
        return None
    owed = owed_by_version(last.amount_fen, _all_moved(versions[:-1]))
    return None if (owed.direction, owed.due_fen) == (last.direction, last.due_fen) else owed


@design("a payment that came back is not waited for once more")
def waited_after_return(versions: Sequence[ObligationRow]) -> Owed | None:
    """What a payer still waits for by the last of its ``versions``, now that an older payment has come back.

    ``None`` where that changes nothing, or where more is to be paid: then a clerk pays anew.
    """
    last = versions[-1]
    if last.state != ObligationState.OPEN or last.direction != Direction.RETURN or last.claimed_fen > 0:
        return None
    owed = owed_by_version(last.amount_fen, _all_moved(versions[:-1]))
    return None if owed.direction is Direction.PAY or owed.due_fen == last.due_fen else owed


def _all_moved(rows: Iterable[ObligationRow]) -> list[Earlier]:
    """Each as if its money had moved, but for those whose money did not."""
    return [
        Earlier(row.id, Direction(row.direction), row.due_fen, is_committed=True)
        for row in rows
        if row.state not in _MOVED_NOTHING
    ]
