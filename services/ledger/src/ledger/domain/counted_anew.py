"""What one side's obligations of a case owe once money that later versions counted otherwise has come, or come back."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.domain.earlier import MOVED_NOTHING, is_refused
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
from ledger.domain.orders import OrderState
from shared.law import design

Recount = tuple[Obligation, Owed]
"""An obligation, and what it owes instead of what it says; with it the obligations that are cancelled."""


@design(
    "a payment that a later version overtook counts when it arrives",
    "a payment that came back, or that the bank refused, is not waited for once more",
)
def counted_anew(rows: Sequence[Obligation], *, has_come_back: bool) -> list[Recount]:
    """Those of ``rows`` (one side of a case, oldest first) that owe something else now.

    ``has_come_back``: a payment of our own did, or the bank has refused it; what is lacking then is paid by an order
    that pays it anew, which a person has to ask for. But where the last version waits for a return, it owes what is
    lacking itself: what came back, or never left, need not make that up, and is cancelled with it.

    The last version takes up what came for older ones, and does without what came back. Of cancelled versions only
    what we wait for is counted: a payment under their number is matched with what the payer can have released.
    Nothing is counted anew once the money of the last version moves itself: the rest is the clerks'.
    """
    counting = _counting(rows)
    if not counting or not _is_free_to_change(counting[-1]):
        return []
    changed: list[Recount] = []
    moved: list[Earlier] = []
    for row in counting:
        owed = Owed(Direction(row.direction), row.due_fen, ())
        if row is counting[-1]:
            owed = _of_last(row, moved, _lost(counting) if has_come_back else None)
        elif row.state == ObligationState.CANCELLED and row.reason != Reason.ADDENDUM:
            owed = _of_cancelled(row, moved)
        if (owed.direction, owed.due_fen) != (row.direction, row.due_fen):
            changed.append((row, owed))
        if row.state not in MOVED_NOTHING and not (has_come_back and is_refused(row)):
            moved.append(Earlier(row.id, owed.direction, owed.due_fen, is_committed=True))
    return changed


def _counting(rows: Sequence[Obligation]) -> list[Obligation]:
    """Sheet versions count each other; the end of a case counts addenda too."""
    if rows and any(row.reason == Reason.TERMINATION for row in rows):
        return list(rows)
    return [row for row in rows if row.reason != Reason.ADDENDUM]


def _is_free_to_change(last: Obligation) -> bool:
    """Whether nothing of it has moved: no money has come, and it has no order but a return that is still held."""
    rests = last.state == ObligationState.OPEN or last.direction == Direction.NOTHING
    if not rests or last.claimed_fen > 0:
        return False
    is_held = last.order_state == OrderState.HELD and last.released_fen < last.due_fen
    return last.order_state is None or (last.direction == Direction.RETURN and is_held)


def _lost(rows: Sequence[Obligation]) -> tuple[int, ...]:
    return tuple(row.id for row in rows if row.state == ObligationState.RETURNED or is_refused(row))


def _of_last(row: Obligation, moved: Sequence[Earlier], lost: tuple[int, ...] | None) -> Owed:
    owed, side = owed_by_version(row.amount_fen, moved), BookSide(row.side)
    if lost is not None and side is BookSide.PAYER and row.direction == Direction.RETURN:
        return replace(owed, cancelled=lost)
    is_paid_anew = lost is not None and is_ours_to_move(side, owed.direction)
    is_given_up = row.order_state is not None and owed.direction is not Direction.RETURN
    return Owed(Direction(row.direction), row.due_fen, ()) if is_paid_anew or is_given_up else owed


def _of_cancelled(row: Obligation, moved: Sequence[Earlier]) -> Owed:
    side, present = BookSide(row.side), Owed(Direction(row.direction), row.due_fen, ())
    if is_ours_to_move(side, present.direction):
        return present
    owed = owed_by_version(row.amount_fen, moved)
    return Owed(Direction.NOTHING, 0, ()) if is_ours_to_move(side, owed.direction) else owed
