"""What a crossing comes to where the decision is pure: by row of the table, both orders played."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest

from inbound.domain.case import CaseState as Inbound
from inbound.domain.credit import Match, Released, creditable
from inbound.domain.release import to_release
from inbound.domain.transitions import Command as InboundCommand
from inbound.domain.transitions import next_state
from ledger.domain.obligations import Direction, Earlier, Owed, owed_by_version
from ledger.domain.orders import COMMITTED, UNRELEASED, OrderState, state_when_held
from outbound.domain.addendum import AddendumAsk, propose
from outbound.domain.case import Actor, ActorKind, Case
from outbound.domain.case import CaseState as Outbound
from outbound.domain.decision import Decision
from outbound.domain.errors import CommandNotAllowed as OutboundRefusal
from outbound.domain.sealed import SealedVersion
from outbound.domain.transitions.correcting import Correction, begin_correction, end_correction
from outbound.domain.transitions.exchange import accept_sheet, complete, refuse_sheet, return_sheet, terminate, withdraw
from outbound.domain.transitions.money import take_debit, take_payment, take_payment_return
from outbound.domain.transitions.sealing import take_freeze
from platform_gateway.domain.money import MoneyFact, MoneyFactKind, MoneyState, SealedAmount, money_state
from platform_gateway.domain.states import (
    CaseState,
    Command,
    CommandNotAllowed,
    CorrectionState,
    corrected,
    transition,
)
from shared.agency.core import TaskKind
from shared.contracts.addendum import AddendumCause
from shared.contracts.codes import AcctDisposition, CorrectionKind, MoneyPath, ReturnCode, TerminationCause
from shared.contracts.events import (
    BalancePaid,
    BalanceReturned,
    SheetAccepted,
    SheetRefused,
    SheetReturned,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
)
from shared.contracts.events.relation import ReturnReason
from tests.crossings.benefits import benefits_anything
from tests.crossings.recalls import RECALLS
from tests.unit.outbound.cases import CLERK, CORE, NOW, PLATFORM, a_case

DAY = date(2026, 3, 2)
AFTER_A_SHEET = (
    CaseState.SHEET_ISSUED,
    CaseState.INBOUND_PROCESSING,
    CaseState.RETURNED,
    CaseState.OUTBOUND_PROCESSING,
)
LEDGER = Actor(ActorKind.LEDGER, message_id=UUID(int=7))
FACTS = tuple(MoneyFact(kind, 100, DAY, "1", "R1") for kind in MoneyFactKind if kind is not MoneyFactKind.RETURNED)

RETURNED = SheetReturned(sheet_version=1, returned_at=NOW, reasons=(ReturnReason(code=ReturnCode.ROWS, row=1),))
COMPLETED = TransferCompleted(sheet_version=1, completed_at=NOW, trafin_psn_no="N1")
CORRECTED = TransferCorrected(sheet_version=2, corrected_at=NOW)
TERMINATED = TransferTerminated(
    terminated_at=NOW, cause=TerminationCause.DEATH, reason="死亡", money_path=MoneyPath.RETAINED_AT_OUTBOUND
)
PAID = BalancePaid(obligation_no="1", amount=100, booked_on=DAY, end_to_end_id="E-1")
CAME_BACK = BalanceReturned(obligation_no="1", amount=100, booked_on=DAY, reason="账号有误")


def _refused_as(code: str) -> SheetRefused:
    return SheetRefused(sheet_version=1, code=code)


def _not_allowed(state: CaseState, command: Command, sheet_version: int = 1) -> None:
    with pytest.raises(CommandNotAllowed):
        transition(state, command, sheet_version)


def withdrawn_sheet() -> None:
    """Voided once, whether the withdrawal or the refusal of the sheet is the first to tell."""
    _not_allowed(CaseState.WITHDRAWN, Command.TAKE_SHEET, 0)
    issued = a_case(Outbound.ISSUED)
    withdrawn = withdraw(issued, PLATFORM, NOW, "不转了")
    refused = refuse_sheet(issued, _refused_as("withdrawn"), PLATFORM, NOW)
    for first in (withdrawn, refused):
        assert first.case.state is Outbound.WITHDRAWN
        assert [task.kind for task in first.tasks] == [TaskKind.UNFREEZE_ACCOUNT, TaskKind.RESUME_RELATION]
    assert refuse_sheet(withdrawn.case, _refused_as("withdrawn"), PLATFORM, NOW).tasks == ()
    assert withdraw(refused.case, PLATFORM, NOW, "不转了").tasks == ()


def sheet_withdrawal() -> None:
    """No state in which a version was accepted lets a withdrawal in."""
    for state in (*AFTER_A_SHEET, CaseState.COMPLETED):
        _not_allowed(state, Command.WITHDRAW)


def accepted_forwarding() -> None:
    """Both sides undo what they have begun as after any withdrawal; the new case has a number of its own."""
    for state in (CaseState.ACCEPTED, CaseState.OUTBOUND_PROCESSING):
        assert transition(state, Command.FORWARD) == (CaseState.WITHDRAWN,)
    for begun in (Outbound.ACCEPTED, Outbound.DRAFTING, Outbound.SUBMITTED, Outbound.APPROVED, Outbound.ISSUED):
        undone = withdraw(a_case(begun), PLATFORM, NOW, "转出地由370200转办至370100")
        assert (undone.case.state, undone.tasks[-1].kind) == (Outbound.WITHDRAWN, TaskKind.RESUME_RELATION)
    for theirs in (Inbound.ANNOUNCED,):
        assert next_state(theirs, InboundCommand.WITHDRAW) is Inbound.WITHDRAWN


def sheet_forwarding() -> None:
    """No state in which a version was accepted lets a forwarding in, and none after the end."""
    for state in (*AFTER_A_SHEET, CaseState.COMPLETED):
        _not_allowed(state, Command.FORWARD)
    for state in (CaseState.WITHDRAWN, CaseState.TERMINATED):
        _not_allowed(state, Command.FORWARD, 0)


def terminated_sheet() -> None:
    """The platform takes none, and the outbound has nothing left to undo."""
    _not_allowed(CaseState.TERMINATED, Command.TAKE_SHEET)
    ended = terminate(a_case(Outbound.ISSUED, owed_amount=100), TERMINATED, PLATFORM, NOW).case
    late = refuse_sheet(ended, _refused_as("command-not-allowed"), PLATFORM, NOW)
    assert (late.case, late.tasks, late.letters) == (ended, (), ())


def terminated_returned() -> None:
    """The return is refused, or came first and the returned case is terminated."""
    _not_allowed(CaseState.TERMINATED, Command.RETURN_SHEET)
    assert transition(CaseState.RETURNED, Command.TERMINATE, 1) == (CaseState.TERMINATED,)
    assert next_state(Inbound.RETURNED, InboundCommand.TERMINATE) is Inbound.TERMINATED


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
        (issued, lambda c: refuse_sheet(c, _refused_as("sheet-findings"), PLATFORM, NOW)),
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
    _not_allowed(CaseState.WITHDRAWN, Command.TAKE_SHEET, 0)


def routed_credited() -> None:
    """What is credited counts toward the version that comes."""
    credited = Match("C", "1", 100, "R1", NOW, is_credit_opened=True, credited=100)
    more = Match("C", "2", 20, "R2", NOW)
    assert creditable([credited], 120, is_synced=True) == ()
    assert creditable([credited, more], 120, is_synced=True) == ((more, 20),)
    assert next_state(Inbound.COMPLETED, InboundCommand.RECEIVE_SHEET) is Inbound.RECEIVED


def second_correction() -> None:
    """One at a time on both sides."""
    completed, under_way = CaseState.COMPLETED, CorrectionState.UNDER_WAY
    with pytest.raises(CommandNotAllowed):
        corrected(completed, under_way, Command.TAKE_CORRECTION)
    for before in (None, CorrectionState.SYNCED, CorrectionState.RETURNED):
        assert corrected(completed, before, Command.TAKE_CORRECTION) is under_way
        with pytest.raises(CommandNotAllowed):
            corrected(completed, before, Command.SYNC_CORRECTION)
    ask = Correction(CorrectionKind.CORRECTION, "年月有误")
    begun = begin_correction(a_case(Outbound.ENDED), ask, CLERK, NOW).case
    for state in (Outbound.DRAFTING, Outbound.ISSUED, Outbound.SHEET_ACCEPTED):
        with pytest.raises(OutboundRefusal):
            begin_correction(replace(begun, state=state), ask, CLERK, NOW)


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


def terminated_addendum() -> None:
    """Nothing is taken in for a case that has ended, and nothing begun."""
    _not_allowed(CaseState.TERMINATED, Command.TAKE_ADDENDUM)
    ask = AddendumAsk(AddendumCause.INTEREST, "利息", 50)
    with pytest.raises(OutboundRefusal):
        propose(a_case(Outbound.TERMINATED, owed_amount=100), 0, ask, CLERK, NOW)


def sheet_addendum() -> None:
    """Wherever a case with a sheet stands it takes an addendum and stays where it is; without one it takes none."""
    for state in (*AFTER_A_SHEET, CaseState.COMPLETED):
        assert transition(state, Command.TAKE_ADDENDUM, 1) == (state,)
    _not_allowed(CaseState.OUTBOUND_PROCESSING, Command.TAKE_ADDENDUM, 0)
    _not_allowed(CaseState.ACCEPTED, Command.TAKE_ADDENDUM, 0)
    ask = AddendumAsk(AddendumCause.INTEREST, "利息", 50)
    for ours in (Outbound.DRAFTING, Outbound.APPROVED, Outbound.SHEET_ACCEPTED, Outbound.ENDED):
        case = a_case(ours, owed_amount=100, submitter_id="u1", reviewer_id="u2")
        made, decision = propose(case, 2, ask, CLERK, NOW)
        assert (made.addendum_no, decision.case.state) == (3, ours)


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


CHECKS: Mapping[str, Callable[[], None]] = {
    check.__name__.replace("_", "-"): check
    for check in (
        withdrawn_sheet,
        sheet_withdrawal,
        accepted_forwarding,
        sheet_forwarding,
        terminated_sheet,
        terminated_returned,
        terminated_money,
        completed_money,
        sheet_money,
        sheet_answer_payment,
        routed_matched,
        hold_payment,
        withdrawn_money,
        routed_credited,
        second_correction,
        matched_released,
        *RECALLS,
        terminated_addendum,
        sheet_addendum,
        addendum_money,
        benefits_anything,
        voided_money,
    )
}
