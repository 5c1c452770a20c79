"""What the obligations of a case, as they are kept, have moved so far."""

from collections.abc import Iterable, Sequence

from ledger.domain.obligations import (
    BookSide,
    Direction,
    Earlier,
    Obligation,
    ObligationState,
    Owed,
    Reason,
    is_ours_to_move,
    owed_by_version,
)
from ledger.domain.orders import COMMITTED, OrderState
from shared.law import design

MOVED_NOTHING = frozenset({ObligationState.CANCELLED, ObligationState.RETURNED})
_ARRIVED = frozenset({ObligationState.MATCHED, ObligationState.CREDITED, ObligationState.SETTLED})


def earlier_of(rows: Sequence[Obligation]) -> list[Earlier]:
    """Those that count or are replaced: what came back has moved nothing, and is owed by what is new, if at all."""
    return [_earlier(row) for row in rows if row.state != ObligationState.CANCELLED]


def _earlier(row: Obligation) -> Earlier:
    direction = Direction(row.direction)
    if direction is Direction.NOTHING:
        return Earlier(row.id, direction, 0, is_committed=True)
    if row.state == ObligationState.RETURNED:
        return Earlier(row.id, direction, row.due_fen, is_committed=False)
    if is_ours_to_move(BookSide(row.side), direction):
        is_on_its_way = row.order_state is not None and OrderState(row.order_state) in COMMITTED
        # What the inbound has given free does not stand in its accounts any more.
        is_committed = is_on_its_way or (direction is Direction.RETURN and row.released_fen >= row.due_fen)
    else:
        # What came in part is on its way: the payer has released all of it.
        is_committed = row.state in _ARRIVED or row.claimed_fen > 0
    return Earlier(row.id, direction, row.due_fen, is_committed)


def is_refused(row: Obligation) -> bool:
    """Whether it waits to be paid since the bank refused the last order that did: of its money nothing has left."""
    return row.state == ObligationState.OPEN and row.order_state == OrderState.REJECTED


def given_free(rows: Sequence[Obligation], owed: Owed) -> int:
    """What the inbound has given free (fen) of returns that ``owed`` cancels and owes itself, at most all of it.

    It is told once: the inbound speaks of the rest only, under the newest number.
    """
    if owed.direction is not Direction.RETURN:
        return 0
    return min(owed.due_fen, sum(row.released_fen for row in rows if row.id in owed.cancelled))


@design("what came back is paid anew only as far as the last version still lacks it")
def lacks(obligation_id: int, rows: Sequence[Obligation]) -> bool:
    """Whether what came back of one of a case's ``rows`` is still owed.

    A version that came later may have counted it as moved, or owes it itself, also where its own payment came back;
    after the end of a case nothing is paid.
    """
    one = next(row for row in rows if row.id == obligation_id)
    if one.state != ObligationState.RETURNED:
        return False
    is_over = any(row.reason == Reason.TERMINATION for row in rows)
    if one.direction == Direction.PAY and is_over:
        return False
    if one.reason == Reason.ADDENDUM:
        return True
    versions = [row for row in rows if row.reason != Reason.ADDENDUM]
    if any(row.state == ObligationState.RETURNED for row in versions if row.id > one.id):
        return False
    owed = owed_by_version(versions[-1].amount_fen, _all_moved(row for row in versions if row is not one))
    return owed.direction == one.direction and owed.due_fen >= one.due_fen


def _all_moved(rows: Iterable[Obligation]) -> list[Earlier]:
    """Each as if its money had moved, but for those whose money did not."""
    return [
        Earlier(row.id, Direction(row.direction), row.due_fen, is_committed=True)
        for row in rows
        if row.state not in MOVED_NOTHING
    ]
