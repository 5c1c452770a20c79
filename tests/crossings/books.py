"""One ledger of a case, with the services' own count of what is owed; what matches is what ``match_receipts`` asks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from ledger.domain.counted_anew import counted_anew
from ledger.domain.earlier import earlier_of, given_free
from ledger.domain.obligations import (
    BookSide,
    Direction,
    Obligation,
    ObligationState,
    Owed,
    Reason,
    is_ours_to_move,
    owed_by_version,
)
from ledger.domain.orders import UNRELEASED, OrderState
from shared.sheet_rules import TERMINATION_NO

DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Line:
    """A credit of the bank; ``number`` is missing where its note names the case alone."""

    number: int | None
    amount: int
    is_return: bool = False


Match = tuple[int, int]
"""Number and fen of an obligation that a line has covered."""


@dataclass
class Books:
    """One ledger: its obligations, and what has gone and come by the bank."""

    side: BookSide
    rows: list[Obligation] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    waiting: list[Line] = field(default_factory=list)

    def record(self, number: int, amount: int) -> list[Match]:
        """A version's payable: which lines that waited are matched now."""
        if all(row.obligation_no != str(number) for row in self.rows):
            owed = owed_by_version(amount, earlier_of(self.rows))
            free = given_free(self.rows, owed) if number == int(TERMINATION_NO) else 0
            self.rows = [self._cancelled(row) if row.id in owed.cancelled else row for row in self.rows]
            self.rows.append(replace(self._row(number, amount, owed), released_fen=free))
        return self.match()

    def void(self) -> list[Match]:
        """The case has ended: as a version over nothing."""
        return self.record(int(TERMINATION_NO), 0)

    def give_free(self, number: int, amount: int) -> None:
        """The inbound says that this much of a return stands in nobody's account."""
        meant = self.row(number)
        if meant.state == ObligationState.CANCELLED:
            meant = self.rows[-1]
        released = meant.released_fen + amount
        assert meant.direction == Direction.RETURN
        assert released <= meant.due_fen
        order = OrderState.READY.value if released == meant.due_fen else meant.order_state
        self._change(meant.obligation_no, lambda row: replace(row, released_fen=released, order_state=order))

    def row(self, number: int) -> Obligation:
        """The obligation of a number."""
        return next(row for row in self.rows if row.obligation_no == str(number))

    def releasable(self) -> list[Obligation]:
        """Orders that two people may release now."""
        return [row for row in self.rows if row.order_state == OrderState.READY]

    def release(self, row: Obligation) -> Match:
        released = OrderState.RELEASED.value
        self._change(row.obligation_no, lambda each: replace(each, order_state=released))
        self.sent += row.due_fen
        return int(row.obligation_no), row.due_fen

    def show(self, number: int) -> None:
        """Our own statement shows the payment."""
        order, state = OrderState.PAID.value, ObligationState.PAID.value
        self._change(str(number), lambda row: replace(row, order_state=order, state=state))

    def arrive(self, line: Line) -> list[Match]:
        """A line of the bank: which obligations it, and lines that waited, are matched with."""
        self.received += line.amount
        self.waiting.append(line)
        return self.match()

    def match_by_hand(self) -> list[Match]:
        """Two clerks have all that waits stand for the last version, where it makes up what that owes."""
        last = self.rows[-1]
        self.waiting.clear()
        self._change(last.obligation_no, partial(_covered, False))
        return [(int(last.obligation_no), last.due_fen)]

    def tie_return(self) -> list[Match]:
        """Two clerks have a payment that came back stand for the last one of its amount."""
        line = self.waiting.pop()
        paid = [row for row in self.rows if row.order_state == OrderState.PAID and row.due_fen == line.amount]
        self._change(paid[-1].obligation_no, partial(_covered, True))
        self._count_anew(has_come_back=True)
        return [(int(paid[-1].obligation_no), line.amount), *self.match()]

    def is_made_up(self) -> bool:
        """Whether what waits makes up what the last version waits for, to the fen."""
        last = self.rows[-1]
        is_open = last.state == ObligationState.OPEN and not is_ours_to_move(self.side, Direction(last.direction))
        return is_open and sum(line.amount for line in self.waiting) == last.due_fen

    def give_back(self, line: Line) -> None:
        """A clerk sends a line that waits back to where it came from."""
        self.waiting.remove(line)
        self.sent += line.amount

    def is_late(self, line: Line) -> bool:
        """Whether it waits as a payment of a version that another took over, whose money moves already."""
        return any(self._was_overtaken(row, line) for row in self.rows)

    def pay_anew(self, row: Obligation) -> None:
        """A clerk has what came back paid once more, by an order of its own."""
        order, state = OrderState.READY.value, ObligationState.OPEN.value
        self._change(row.obligation_no, lambda each: replace(each, order_state=order, state=state))

    def match(self) -> list[Match]:
        for line in self.waiting:
            agreeing = [row for row in self.rows if self._agrees(row, line)]
            if len(agreeing) != 1:
                continue
            row = agreeing[0]
            self.waiting.remove(line)
            was_cancelled = row.state == ObligationState.CANCELLED
            self._change(row.obligation_no, partial(_covered, line.is_return))
            if was_cancelled or line.is_return:
                self._count_anew(has_come_back=line.is_return)
            return [(int(row.obligation_no), row.due_fen), *self.match()]
        return []

    def _agrees(self, row: Obligation, line: Line) -> bool:
        is_named = line.number is None or row.obligation_no == str(line.number)
        if row.due_fen != line.amount or not is_named:
            return False
        if line.is_return:
            return row.direction == Direction.PAY and row.order_state == OrderState.PAID
        is_ours = is_ours_to_move(self.side, Direction(row.direction))
        is_open = row.state == ObligationState.OPEN
        return not is_ours and (is_open or (self._was_overtaken(row, line) and self._last_rests()))

    def _was_overtaken(self, row: Obligation, line: Line) -> bool:
        if row.state != ObligationState.CANCELLED or row is self.rows[-1] or line.is_return:
            return False
        if is_ours_to_move(self.side, Direction(row.direction)) or row.due_fen == 0:
            return False
        if line.number is not None:
            return row.obligation_no == str(line.number)
        is_over = self.rows[-1].reason == Reason.TERMINATION
        rather = [each for each in self.rows if each.state == ObligationState.OPEN or _is_later(each, row)]
        return not is_over and row.due_fen == line.amount and line.amount not in [each.due_fen for each in rather]

    def _last_rests(self) -> bool:
        last = self.rows[-1]
        if last.state != ObligationState.OPEN and last.direction != Direction.NOTHING:
            return False
        is_held = last.order_state == OrderState.HELD and last.released_fen < last.due_fen
        return last.order_state is None or (last.direction == Direction.RETURN and is_held)

    def _count_anew(self, *, has_come_back: bool) -> None:
        for row, owed in counted_anew(self.rows, has_come_back=has_come_back):
            self.rows = [self._cancelled(each) if each.id in owed.cancelled else each for each in self.rows]
            is_last = row.obligation_no == self.rows[-1].obligation_no
            fresh = self._row(int(row.obligation_no), row.amount_fen, owed)
            if not is_last:
                fresh = replace(fresh, state=row.state, order_state=row.order_state)
            self._change(row.obligation_no, partial(_instead, fresh))

    def _row(self, number: int, amount: int, owed: Owed) -> Obligation:
        is_ours, is_return = is_ours_to_move(self.side, owed.direction), owed.direction is Direction.RETURN
        order = OrderState.HELD if is_return else OrderState.READY
        is_nothing = owed.direction is Direction.NOTHING
        is_end = number == int(TERMINATION_NO)
        return Obligation(
            id=number,
            admdvs="",
            side=self.side.value,
            rlts_traf_id="C",
            obligation_no=str(number),
            sheet_version=number,
            reason=(Reason.TERMINATION if is_end else Reason.CORRECTION).value,
            trafout_admdvs="",
            trafin_admdvs="",
            psn_name="",
            amount_fen=amount,
            direction=owed.direction.value,
            due_fen=owed.due_fen,
            payer_bankacct="",
            payee_bankacct="",
            state=(ObligationState.SETTLED if is_nothing else ObligationState.OPEN).value,
            known_on=DAY,
            settled_on=None,
            credited_on=None,
            credited_fen=None,
            claimed_fen=0,
            is_doubtful=False,
            released_fen=0,
            origin="electronic",
            way_back=None,
            order_state=order.value if is_ours and not is_nothing else None,
        )

    def _cancelled(self, row: Obligation) -> Obligation:
        is_unreleased = row.order_state is not None and OrderState(row.order_state) in UNRELEASED
        state = OrderState.CANCELLED.value if is_unreleased else row.order_state
        return replace(row, state=ObligationState.CANCELLED.value, order_state=state)

    def _change(self, number: str, change: Callable[[Obligation], Obligation]) -> None:
        self.rows = [change(row) if row.obligation_no == number else row for row in self.rows]


def _instead(fresh: Obligation, row: Obligation) -> Obligation:
    return replace(fresh, released_fen=row.released_fen)


def _is_later(row: Obligation, than: Obligation) -> bool:
    return row.state == ObligationState.CANCELLED and row.id > than.id


def _covered(is_return: bool, row: Obligation) -> Obligation:
    if is_return:
        return replace(row, state=ObligationState.RETURNED.value, order_state=OrderState.RETURNED.value)
    is_back = row.direction == Direction.RETURN
    return replace(row, state=(ObligationState.SETTLED if is_back else ObligationState.MATCHED).value)
