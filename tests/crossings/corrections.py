"""A case that is corrected, recalled, ended while its money is on its way: both ledgers, both cores, one bank.

What decides is the services' own code; the rest here is nothing but queues, so that a test may play any order.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from inbound.domain.credit import Released
from ledger.domain.earlier import lacks
from ledger.domain.obligations import BookSide, Direction, Obligation, ObligationState
from outbound.domain.case import Actor, ActorKind, CaseState
from outbound.domain.transitions.money import take_credit, take_debit, take_payment, take_payment_return
from outbound.domain.transitions.recalling import takes_back
from outbound.domain.transitions.sealing import may_state
from shared.contracts.events import BalancePaid, BalanceReturned
from tests.crossings.books import DAY, Books, Line
from tests.crossings.inbound_side import END, Inbound, Numbers, Payable, Version
from tests.unit.outbound.cases import CORE, NOW, a_case

LEDGER = Actor(ActorKind.LEDGER)


class Transfer:
    """A case with its versions; ``steps`` are what may happen next, in any order.

    ``is_ended``: it may end at any time before the completion. ``failures``: how many payments the bank sends back.
    ``is_numbered``: whether payments carry the number of their obligation.
    """

    def __init__(
        self, versions: Sequence[Version], *, is_ended: bool = False, failures: int = 0, is_numbered: bool = True
    ) -> None:
        self.coming = list(versions)
        self.may_end, self.failures, self.is_numbered = is_ended, failures, is_numbered
        self.outbound = Numbers()
        self.stated: list[int] = []
        self.case = a_case(CaseState.APPROVED)
        self.inbound = Inbound()
        self.payer, self.payee = Books(BookSide.PAYER), Books(BookSide.PAYEE)
        self.under_way: Version | None = None
        self.is_completed = False
        self.is_over = False
        self.to_inbound: list[Version | str] = []
        self.completing: list[Version] = []
        self.to_payer: list[Payable] = []
        self.to_payee: list[Payable | Released] = []
        self.matched: list[tuple[int, int]] = []
        self.bank: list[tuple[Books, Line]] = []
        self.shown: list[tuple[int, int]] = []
        self.by_clerks = 0

    def steps(self) -> list[Callable[[], None]]:
        """What may happen next."""
        by_queue = (
            (self.coming and self._may_seal(self.coming[0]), self._seal),
            (self.to_inbound, self._tell_inbound),
            (self.inbound.present is not None and not self.inbound.is_settled, self._decide),
            (self.completing, self._complete),
            (self._may_recall(), self._recall),
            (self._may_end(), self._end),
            (self.to_payer, self._tell_payer),
            (self.to_payee, self._tell_payee),
            (self.matched, self._tell_match),
        )
        steps = [step for is_possible, step in by_queue if is_possible]
        steps += [partial(self._take_off, released) for released in self.inbound.reversing]
        steps += [partial(self._show, line) for line in self.shown]
        steps += [partial(self._pay, self.payer, self.payee, row) for row in self.payer.releasable()]
        steps += [partial(self._pay, self.payee, self.payer, row) for row in self.payee.releasable()]
        steps += [partial(self._arrive, payment) for payment in self.bank]
        steps += [partial(self._fail, payment) for payment in self.bank if self._may_fail(payment)]
        return steps or self._clerks_steps()

    def _clerks_steps(self) -> list[Callable[[], None]]:
        """What people do once nothing happens by itself: late money goes back, what came back is paid anew."""
        made_up = [books for books in (self.payee, self.payer) if books.is_made_up()]
        if made_up:
            return [partial(self._match_by_hand, books) for books in made_up]
        if any(line.is_return for line in self.payer.waiting):
            return [self._tie_return]
        lines = self.payee.waiting
        steps: list[Callable[[], None]] = []
        steps += [partial(self._give_back, line) for line in lines if self.payee.is_late(line) or not self.is_numbered]
        if not steps:
            steps += [partial(self._pay_anew, row) for row in self._lacking()]
        if not steps and self.coming and not self.is_over:
            steps.append(self._state_again)
        return steps

    def _lacking(self) -> list[Obligation]:
        """What came back and the payer's ledger lets a clerk have paid anew."""
        back = [row for row in self.payer.rows if row.state == ObligationState.RETURNED]
        return [row for row in back if lacks(row.id, self.payer.rows)]

    # The two agencies and the platform

    def _may_seal(self, version: Version) -> bool:
        return self.under_way is None and not self.is_over and may_state(self.case, version.amount)

    def _seal(self) -> None:
        version = self.coming.pop(0)
        self.stated.append(version.amount)
        self.to_payer.append(self.outbound.take(version))
        self.to_inbound.append(version)
        self.under_way = version
        number, most = self.outbound.present_no, max(self.case.most_stated, version.amount)
        self.case = replace(self.case, obligation_no=number, owed_amount=version.amount, most_stated=most)

    def _tell_inbound(self) -> None:
        told = self.to_inbound.pop(0)
        if isinstance(told, Version):
            self.to_payee.append(self.inbound.receive(told))
        elif told == "recalled":
            self.inbound.recall()
        else:
            # The ledger is told of the end before it is told what may go back.
            free = self.inbound.end()
            self.to_payee += [Payable(END, 0), *free]

    def _decide(self) -> None:
        version = self.inbound.present
        assert version is not None
        self.to_payee.extend(self.inbound.decide())
        self.completing.append(version)

    def _complete(self) -> None:
        """The platform takes the answer to a version, unless it has come to something else by then."""
        version = self.completing.pop(0)
        if self.is_over or version is not self.under_way:
            return
        if version.is_synced:
            self.is_completed = True
            case = self.case
            self.case = replace(case, synced_amount=case.owed_amount, synced_obligation_no=case.obligation_no)
        self.under_way = None

    def _may_recall(self) -> bool:
        is_asked = self.under_way is not None and self.under_way.is_recalled
        return is_asked and not self.is_completed and not self.is_over and not takes_back(self.case)

    def _recall(self) -> None:
        self.under_way = None
        self.to_inbound.append("recalled")

    def _may_end(self) -> bool:
        return self.may_end and bool(self.stated) and not self.is_completed and not self.is_over

    def _end(self) -> None:
        self.is_over = True
        self.to_inbound.append("ended")
        self.to_payer.append(Payable(END, 0))

    # The ledgers and the cores

    def _tell_payer(self) -> None:
        told = self.to_payer.pop(0)
        self._put_back(self.payer.record(told.obligation_no, told.amount))

    def _tell_payee(self) -> None:
        told = self.to_payee.pop(0)
        if isinstance(told, Payable):
            self.matched.extend(self.payee.record(told.obligation_no, told.amount))
        else:
            self.payee.give_free(int(told.obligation_no), told.amount)

    def _tell_match(self) -> None:
        self.to_payee.extend(self.inbound.match(*self.matched.pop(0)))

    def _take_off(self, released: Released) -> None:
        self.to_payee.append(self.inbound.reverse(released))

    # The bank

    def _pay(self, ours: Books, theirs: Books, row: Obligation) -> None:
        number, amount = ours.release(row)
        self.bank.append((theirs, Line(number if self.is_numbered else None, amount)))
        if ours is self.payer:
            self.shown.append((number, amount))
        else:
            ours.show(number)

    def _show(self, line: tuple[int, int]) -> None:
        """The payer's own statement: the outbound's core takes the money off the account."""
        self.shown.remove(line)
        self.payer.show(line[0])
        number, amount = line
        event = BalancePaid(obligation_no=str(number), amount=amount, booked_on=DAY, end_to_end_id=f"C-{number}")
        after = take_payment(self.case, event, LEDGER, NOW).case
        self.case = take_debit(after, amount, f"paid-{number}", CORE, NOW).case
        self._put_back(self.payer.match())

    def _arrive(self, payment: tuple[Books, Line]) -> None:
        self.bank.remove(payment)
        books, line = payment
        if books.side is BookSide.PAYEE:
            self.matched.extend(books.arrive(line))
        else:
            self._put_back(books.arrive(line))

    def _may_fail(self, payment: tuple[Books, Line]) -> bool:
        return self.failures > 0 and payment[0] is self.payee and not self.shown

    def _fail(self, payment: tuple[Books, Line]) -> None:
        """退汇: the money never reaches the payee."""
        self.failures -= 1
        self.bank.remove(payment)
        self._come_back(payment[1])

    def _come_back(self, line: Line) -> None:
        """A payment is on the payer's account again, though nobody owed it back."""
        self._put_back(self.payer.arrive(replace(line, is_return=True)))

    def _put_back(self, returns: Sequence[tuple[int, int]]) -> None:
        """The outbound hears of what came back: sent back by the bank, or owed by the payee."""
        for number, amount in returns:
            is_owed = self.payer.row(number).direction == Direction.RETURN
            event = BalanceReturned(
                obligation_no=str(number), amount=amount, booked_on=DAY, reason="退回", is_owed=is_owed
            )
            after = take_payment_return(self.case, event, LEDGER, NOW).case
            self.case = take_credit(after, amount, f"returned-{number}", CORE, NOW).case

    # The clerks

    def _match_by_hand(self, books: Books) -> None:
        self.by_clerks += 1
        covered = books.match_by_hand()
        if books is self.payee:
            self.matched.extend(covered)
        else:
            self._put_back(covered)

    def _tie_return(self) -> None:
        """Of several payments of one amount that can have come back, two clerks choose the last."""
        self.by_clerks += 1
        self._put_back(self.payer.tie_return())

    def _give_back(self, line: Line) -> None:
        self.by_clerks += 1
        self.payee.give_back(line)
        self._come_back(Line(None, line.amount))

    def _state_again(self) -> None:
        """Money that only a sync lets go waits for the same amount to be sealed again; more goes by an addendum."""
        self.by_clerks += 1
        if self.case.debited_amount == self.case.synced_amount:
            self.coming.pop(0)
        self.coming.insert(0, Version(self.stated[-1]))

    def _pay_anew(self, row: Obligation) -> None:
        self.by_clerks += 1
        self.payer.pay_anew(row)
