"""What crosses money, both orders played."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

from inbound.domain.case import CaseState as Inbound
from inbound.domain.credit import Match, Released, creditable
from inbound.domain.release import to_release
from inbound.domain.transitions import Command as InboundCommand
from inbound.domain.transitions import next_state
from ledger.domain.obligations import Direction, Earlier, Owed, owed_by_version
from ledger.domain.orders import COMMITTED, UNRELEASED, OrderState, state_when_held
from outbound.domain.case import Case
from outbound.domain.case import CaseState as Outbound
from outbound.domain.decision import Decision
from outbound.domain.sealed import SealedVersion
from outbound.domain.transitions.correcting import end_correction
from outbound.domain.transitions.exchange import accept_sheet, complete, refuse_sheet, return_sheet, terminate, withdraw
from outbound.domain.transitions.money import take_debit, take_payment, take_payment_return
from outbound.domain.transitions.sealing import take_freeze
from platform_gateway.domain.money import MoneyFact, MoneyFactKind, MoneyState, SealedAmount, money_state
from platform_gateway.domain.states import (
    CaseState,
    Command,
    transition,
)
from shared.contracts.codes import AcctDisposition, CorrectionKind
from shared.contracts.events import (
    SheetAccepted,
)
from tests.crossings.said import (
    CAME_BACK,
    COMPLETED,
    CORRECTED,
    DAY,
    FACTS,
    LEDGER,
    PAID,
    RETURNED,
    TERMINATED,
    not_allowed,
    refused_as,
)
from tests.unit.outbound.cases import CORE, NOW, PLATFORM, a_case


def terminated_money() -> None:
    """Kept by the outbound in either order; never credited by the inbound."""
    before = a_case(Outbound.SHEET_ACCEPTED, owed_amount=100)
    after = terminate(before, TERMINATED, PLATFORM, NOW).case
    for late in (take_payment(after, PAID, LEDGER, NOW), take_payment_return(after, CAME_BACK, LEDGER, NOW)):
        assert late.case.state is Outbound.TERMINATED
        assert late.steps
    match = Match("C", "1", 100, "R1", NOW)
    assert creditable([match], 100, is_synced=False) == ()


def completed_money() -> None:
    """What the money comes to does not ask where the relation stands, nor the other way round."""
    facts = FACTS[:4]
    states = {money_state([SealedAmount(1, 100, AcctDisposition.TRANSFER)], order) for order in permutations(facts)}
    assert states == {MoneyState.CREDITED}
    assert transition(CaseState.INBOUND_PROCESSING, Command.COMPLETE, 1) == (CaseState.COMPLETED,)


def sheet_money() -> None:
    """Facts before the sheet wait for it; with a later version they count toward what it owes."""
    first, second = (SealedAmount(version, 100, AcctDisposition.TRANSFER) for version in (1, 2))
    for facts in permutations(FACTS[:3]):
        assert money_state([], facts) is MoneyState.UNKNOWN
        assert money_state([first], facts) is MoneyState.MATCHED
        assert money_state([second, first], facts) is MoneyState.MATCHED
    more = SealedAmount(2, 120, AcctDisposition.TRANSFER)
    assert money_state([first, more], FACTS[:4]) is MoneyState.AWAITING_PAYMENT


def sheet_answer_payment() -> None:
    """Payment and answer in both orders: the same case and the same work for the core."""
    sealed = SealedVersion("C", 1, "{}", "d", "k", 100, "62-1", "62-2", NOW)
    issued, accepted = a_case(Outbound.ISSUED), a_case(Outbound.SHEET_ACCEPTED, owed_amount=100, obligation_no=1)
    correcting = replace(accepted, correction_kind=CorrectionKind.CORRECTION)
    answers: tuple[tuple[Case, Callable[[Case], Decision]], ...] = (
        (issued, lambda c: accept_sheet(c, SheetAccepted(sheet_version=1, arrival="a"), sealed, PLATFORM, NOW)),
        (issued, lambda c: refuse_sheet(c, refused_as("sheet-findings"), PLATFORM, NOW)),
        (issued, lambda c: withdraw(c, PLATFORM, NOW, "不转了")),
        (accepted, lambda c: return_sheet(c, RETURNED, PLATFORM, NOW)),
        (accepted, lambda c: complete(c, COMPLETED, PLATFORM, NOW)),
        (correcting, lambda c: end_correction(c, CORRECTED, PLATFORM, NOW)),
    )
    news: tuple[Callable[[Case], Decision], ...] = (
        lambda c: take_payment(c, PAID, LEDGER, NOW),
        lambda c: take_payment_return(c, CAME_BACK, LEDGER, NOW),
    )
    for case, answer in answers:
        for fact in news:
            one = answer(case).then(fact(answer(case).case))
            other = fact(case).then(answer(fact(case).case))
            assert one.case == other.case
            assert {(task.kind, task.step) for task in one.tasks} == {(task.kind, task.step) for task in other.tasks}


def routed_matched() -> None:
    """A match waits for the sync, and while more is matched than the present version states."""
    match = Match("C", "1", 100, "R1", NOW)
    assert creditable([match], 100, is_synced=False) == ()
    assert creditable([match], 100, is_synced=True) == ((match, 100),)
    assert creditable([match], 80, is_synced=True) == ()


def hold_payment() -> None:
    """Released money is past holding; everything before is held and let go again."""
    for state in COMMITTED | {OrderState.RETURNED, OrderState.CANCELLED}:
        assert state_when_held(state, is_held=True) is state
        assert state_when_held(state, is_held=False) is state
    for state in UNRELEASED:
        assert state_when_held(state, is_held=True) is OrderState.HELD
    assert state_when_held(OrderState.HELD, is_held=False) is OrderState.READY


def withdrawn_money() -> None:
    """Money without a sheet decides nothing."""
    received = MoneyFact(MoneyFactKind.RECEIVED, 100, DAY, None, "R1", "unknown_case")
    assert money_state([], [received]) is MoneyState.UNKNOWN
    not_allowed(CaseState.WITHDRAWN, Command.TAKE_SHEET, 0)


def routed_credited() -> None:
    """What is credited counts toward the version that comes."""
    credited = Match("C", "1", 100, "R1", NOW, is_credit_opened=True, credited=100)
    more = Match("C", "2", 20, "R2", NOW)
    assert creditable([credited], 120, is_synced=True) == ()
    assert creditable([credited, more], 120, is_synced=True) == ((more, 20),)
    assert next_state(Inbound.COMPLETED, InboundCommand.RECEIVE_SHEET) is Inbound.RECEIVED


def matched_released() -> None:
    """Whenever the match is seen, the same goes back, once."""
    late = Match("C", "1", 100, "R1", NOW)
    assert to_release("2", 80, [], []) is None
    released = to_release("2", 80, [late], [])
    assert released == Released("C", "2", 20, 0)
    assert to_release("2", 80, [late], [released]) is None
    assert creditable([late], 80, [released], is_synced=True) == ((late, 80),)
    credited = replace(late, is_credit_opened=True, credited=100)
    assert to_release("2", 80, [credited], []) == Released("C", "2", 20, 20)
    again = Match("C", "3", 20, "R3", NOW)
    back = [Released("C", "2", 20, 20)]
    assert creditable([credited, again], 100, back, is_synced=True) == ((again, 20),)


def addendum_money() -> None:
    """Facts before and after: the same state; the account's money for an addendum is not the sheet's."""
    sheet, more = SealedAmount(1, 100, AcctDisposition.TRANSFER), MoneyFact(MoneyFactKind.CREDITED, 50, DAY, "901")
    for facts in permutations((*FACTS[3:4], more)):
        assert money_state([sheet], facts) is MoneyState.MISMATCHED
        assert money_state([sheet], facts, 50) is MoneyState.CREDITED
    assert money_state([sheet], FACTS[:4], 50) is MoneyState.AWAITING_PAYMENT
    booked = a_case(Outbound.APPROVED, owed_amount=100, debited_amount=100, addenda_balc=50)
    assert take_freeze(booked, 50, "1", CORE, NOW).case.acctfund_traf_amt == 100
    paid = take_debit(booked, 50, "paid-901-20260302-x", CORE, NOW).case
    assert (paid.debited_amount, paid.addenda_balc) == (100, 0)
    assert take_freeze(paid, 0, "1", CORE, NOW).case.acctfund_traf_amt == 100


def voided_money() -> None:
    """A released order counts as moved, and comes back; one that was not is cancelled."""
    released, waiting = Earlier(1, Direction.PAY, 100, is_committed=True), Earlier(2, Direction.PAY, 20, False)
    assert owed_by_version(0, [released, waiting]) == Owed(Direction.RETURN, 100, (2,))
    assert owed_by_version(0, [waiting]) == Owed(Direction.NOTHING, 0, (2,))
    assert owed_by_version(0, [released, Earlier(3, Direction.RETURN, 100, is_committed=True)]).due_fen == 0


MONEY = (
    terminated_money,
    completed_money,
    sheet_money,
    sheet_answer_payment,
    routed_matched,
    hold_payment,
    withdrawn_money,
    routed_credited,
    matched_released,
    addendum_money,
    voided_money,
)
