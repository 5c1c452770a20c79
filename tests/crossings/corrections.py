"""A case whose sheet is corrected down and up while its money is on its way: both ledgers, both cores, one bank.

What decides is the services' own code; the rest here is nothing but queues, so that a test may play any order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial

from inbound.domain.credit import Match, Released, creditable
from inbound.domain.release import to_release
from ledger.domain.obligations import BookSide, Direction, ObligationState, is_ours_to_move, owed_by_version
from ledger.domain.orders import OrderState
from ledger.repository.obligations import ObligationRow
from ledger.use_cases.earlier import earlier_of, owed_after_arrival
from outbound.domain.case import CaseState
from outbound.domain.transitions.sealing import may_state
from shared.sheet_rules import next_obligation_no
from tests.unit.outbound.cases import a_case

DAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Version:
    """A version over ``amount`` fen, which the inbound syncs, or returns."""

    amount: int
    is_synced: bool = True


@dataclass(frozen=True)
class Payable:
    """What a ledger hears of a version."""

    obligation_no: int
    amount: int


@dataclass
class Numbers:
    """How one side numbers the obligations of the versions that it sees."""

    present_no: int = 0
    present_amount: int | None = None

    def take(self, version: Version) -> Payable:
        self.present_no = next_obligation_no(self.present_no, self.present_amount, version.amount)
        self.present_amount = version.amount
        return Payable(self.present_no, version.amount)


@dataclass
class Books:
    """One ledger: its obligations, and what has gone and come by the bank."""

    side: BookSide
    rows: list[ObligationRow] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    waiting: list[tuple[int, int]] = field(default_factory=list)

    def record(self, payable: Payable) -> list[tuple[int, int]]:
        """A version's payable: which lines that waited are matched now."""
        number = str(payable.obligation_no)
        if all(row.obligation_no != number for row in self.rows):
            owed = owed_by_version(payable.amount, earlier_of(self.rows))
            self.rows = [self._cancelled(row) if row.id in owed.cancelled else row for row in self.rows]
            self.rows.append(self._row(payable.obligation_no, payable.amount, owed.direction, owed.due_fen))
        return self._match()

    def give_free(self, number: int) -> None:
        self._change(str(number), lambda row: replace(row, order_state=OrderState.READY.value))

    def releasable(self) -> list[ObligationRow]:
        """Orders that two people may release now."""
        return [row for row in self.rows if row.order_state == OrderState.READY]

    def release(self, row: ObligationRow) -> tuple[int, int]:
        released, paid = OrderState.RELEASED.value, ObligationState.PAID.value
        self._change(row.obligation_no, lambda each: replace(each, order_state=released, state=paid))
        self.sent += row.due_fen
        return int(row.obligation_no), row.due_fen

    def arrive(self, number: int, amount: int) -> list[tuple[int, int]]:
        """A line of the bank: which obligations it, and lines that waited, are matched with."""
        self.received += amount
        self.waiting.append((number, amount))
        return self._match()

    def _match(self) -> list[tuple[int, int]]:
        for line in self.waiting:
            row = next((row for row in self.rows if self._agrees(row, *line)), None)
            if row is None:
                continue
            self.waiting.remove(line)
            is_return, was_cancelled = row.direction == Direction.RETURN, row.state == ObligationState.CANCELLED
            state = (ObligationState.SETTLED if is_return else ObligationState.MATCHED).value
            self._change(row.obligation_no, partial(_in_state, state))
            if was_cancelled:
                self._owe_anew()
            return [line, *self._match()]
        return []

    def _agrees(self, row: ObligationRow, number: int, amount: int) -> bool:
        is_ours = is_ours_to_move(self.side, Direction(row.direction))
        is_overtaken = row.state == ObligationState.CANCELLED and self.side is BookSide.PAYEE
        is_open = row.state == ObligationState.OPEN or is_overtaken
        return not is_ours and is_open and row.obligation_no == str(number) and row.due_fen == amount

    def _owe_anew(self) -> None:
        owed = owed_after_arrival(self.rows)
        if owed is not None:
            last = self.rows.pop()
            self.rows.append(self._row(int(last.obligation_no), last.amount_fen, owed.direction, owed.due_fen))

    def _row(self, number: int, amount: int, direction: Direction, due: int) -> ObligationRow:
        is_ours, is_return = is_ours_to_move(self.side, direction), direction is Direction.RETURN
        order = OrderState.HELD if is_return else OrderState.READY
        state = ObligationState.SETTLED if direction is Direction.NOTHING else ObligationState.OPEN
        return ObligationRow(
            id=number,
            admdvs="",
            side=self.side.value,
            rlts_traf_id="C",
            obligation_no=str(number),
            sheet_version=number,
            reason="correction",
            trafout_admdvs="",
            trafin_admdvs="",
            psn_name="",
            amount_fen=amount,
            direction=direction.value,
            due_fen=due,
            payer_bankacct="",
            payee_bankacct="",
            state=state.value,
            known_on=DAY,
            settled_on=None,
            credited_on=None,
            credited_fen=None,
            claimed_fen=0,
            is_doubtful=False,
            origin="electronic",
            way_back=None,
            order_state=order.value if is_ours and direction is not Direction.NOTHING else None,
        )

    def _cancelled(self, row: ObligationRow) -> ObligationRow:
        order_state = None if row.order_state is None else OrderState.CANCELLED.value
        return replace(row, state=ObligationState.CANCELLED.value, order_state=order_state)

    def _change(self, number: str, change: Callable[[ObligationRow], ObligationRow]) -> None:
        self.rows = [change(row) if row.obligation_no == number else row for row in self.rows]


def _in_state(state: str, row: ObligationRow) -> ObligationRow:
    return replace(row, state=state)


@dataclass
class Inbound:
    """The inbound's case and core: what is matched, credited, taken off again."""

    numbers: Numbers = field(default_factory=Numbers)
    present: Version | None = None
    is_settled: bool = False
    was_synced: bool = False
    matches: list[Match] = field(default_factory=list)
    releases: list[Released] = field(default_factory=list)
    reversing: list[Released] = field(default_factory=list)
    balance: int = 0

    def receive(self, version: Version) -> Payable:
        self.present, self.is_settled = version, False
        return self.numbers.take(version)

    def decide(self) -> list[Released]:
        """Sync the present version, or return it; what goes back at once."""
        assert self.present is not None
        if not self.present.is_synced:
            self.present = None
            return []
        self.is_settled, self.was_synced = True, True
        return self._count()

    def match(self, number: int, amount: int) -> list[Released]:
        self.matches.append(Match("C", str(number), amount, "R", NOW))
        return self._count()

    def reverse(self, released: Released) -> Released:
        self.reversing.remove(released)
        self.balance -= released.reversed_amount
        return released

    def _count(self) -> list[Released]:
        free: list[Released] = []
        owed = self.numbers.present_amount or 0
        if self.is_settled:
            released = to_release(str(self.numbers.present_no), owed, self.matches, self.releases)
            if released is not None:
                self.releases.append(released)
                (self.reversing if released.reversed_amount else free).append(released)
        for match, share in creditable(self.matches, owed, self.releases, is_synced=self.was_synced):
            place = self.matches.index(match)
            self.matches[place] = replace(match, is_credit_opened=True, credited=share)
            self.balance += share
        return free


class Transfer:
    """A case with its versions; ``steps`` are what may happen next, in any order."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self.coming = list(versions)
        self.outbound = Numbers()
        self.case = a_case(CaseState.APPROVED)
        self.inbound = Inbound()
        self.payer, self.payee = Books(BookSide.PAYER), Books(BookSide.PAYEE)
        self.under_way: Version | None = None
        self.is_overtaken = False
        self.routed: list[Version] = []
        self.to_payer: list[Payable] = []
        self.to_payee: list[Payable | Released] = []
        self.to_inbound: list[tuple[int, int]] = []
        self.bank: list[tuple[Books, int, int]] = []
        self.shown: list[tuple[Books, int, int]] = []

    def steps(self) -> list[Callable[[], None]]:
        """What may happen next."""
        may_decide = self.inbound.present is not None and not self.inbound.is_settled
        by_queue = (
            (self.coming and self._may_seal(self.coming[0]), self._seal),
            (self.routed, self._route),
            (may_decide, self._decide),
            (self.to_payer, self._tell_payer),
            (self.to_payee, self._tell_payee),
            (self.to_inbound, self._tell_inbound),
        )
        steps = [step for is_possible, step in by_queue if is_possible]
        steps += [partial(self._take_off, released) for released in self.inbound.reversing]
        steps += [partial(self._show, line) for line in self.shown]
        # Between the banks stands one payment at a time, and the payer's own statement shows it first.
        if not self.bank:
            steps += [partial(self._pay, self.payer, self.payee, row) for row in self._payments()]
            steps += [partial(self._pay, self.payee, self.payer, row) for row in self.payee.releasable()]
        elif not self.shown:
            steps += [partial(self._arrive, payment) for payment in self.bank]
        return steps

    def _may_seal(self, version: Version) -> bool:
        """One version at a time, as the platform has it; a payment under way is overtaken by the second one only."""
        is_paying = any(books is self.payee for books, _, _ in self.bank) or bool(self.payee.waiting or self.to_inbound)
        is_told = not self.to_payer and not any(isinstance(each, Payable) for each in self.to_payee)
        is_quiet = is_told and not is_paying
        return self.under_way is None and may_state(self.case, version.amount) and (is_quiet or not self.is_overtaken)

    def _seal(self) -> None:
        version = self.coming.pop(0)
        self.is_overtaken = self.outbound.present_amount is not None
        self.to_payer.append(self.outbound.take(version))
        self.routed.append(version)
        self.under_way = version
        self.case = replace(self.case, obligation_no=self.outbound.present_no, owed_amount=version.amount)

    def _route(self) -> None:
        self.to_payee.append(self.inbound.receive(self.routed.pop(0)))

    def _decide(self) -> None:
        self.to_payee.extend(self.inbound.decide())
        if self.under_way is not None and self.under_way.is_synced:
            case = self.case
            self.case = replace(case, synced_amount=case.owed_amount, synced_obligation_no=case.obligation_no)
        self.under_way = None

    def _tell_payer(self) -> None:
        self._put_back(self.payer.record(self.to_payer.pop(0)))

    def _tell_payee(self) -> None:
        told = self.to_payee.pop(0)
        if isinstance(told, Payable):
            self.to_inbound.extend(self.payee.record(told))
        else:
            self.payee.give_free(int(told.obligation_no))

    def _payments(self) -> list[ObligationRow]:
        """Of what is paid under a correction nothing, while the next version is on its way to the payer's ledger."""
        return [row for row in self.payer.releasable() if not self.to_payer or row.obligation_no == "1"]

    def _tell_inbound(self) -> None:
        self.to_payee.extend(self.inbound.match(*self.to_inbound.pop(0)))

    def _take_off(self, released: Released) -> None:
        self.to_payee.append(self.inbound.reverse(released))

    def _pay(self, ours: Books, theirs: Books, row: ObligationRow) -> None:
        payment = (theirs, *ours.release(row))
        self.bank.append(payment)
        if ours is self.payer:
            self.shown.append(payment)

    def _show(self, line: tuple[Books, int, int]) -> None:
        """The payer's own statement: the outbound's core takes the money off the account."""
        self.shown.remove(line)
        self.case = replace(self.case, debited_amount=self.case.debited_amount + line[2])

    def _arrive(self, payment: tuple[Books, int, int]) -> None:
        self.bank.remove(payment)
        books, number, amount = payment
        matched = books.arrive(number, amount)
        if books.side is BookSide.PAYEE:
            self.to_inbound.extend(matched)
        else:
            self._put_back(matched)

    def _put_back(self, returns: list[tuple[int, int]]) -> None:
        back = sum(amount for _, amount in returns)
        self.case = replace(self.case, debited_amount=self.case.debited_amount - back)
