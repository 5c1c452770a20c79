"""How a relation ends, and what becomes of its balance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from outbound.domain.case import Actor, ActorKind, Case, CaseState
from outbound.domain.decision import Decision
from outbound.domain.errors import CommandNotAllowed
from outbound.domain.transitions.ending import SETTLEMENT, end_relation, settle
from outbound.domain.transitions.exchange import complete, return_sheet, terminate
from outbound.domain.transitions.money import hold_payment, take_debit, take_payment
from shared.agency.core import CoreAnswer, CoreResult, CoreTask, Outcome, TaskKind, TaskState
from shared.contracts.codes import AcctDisposition, CorrectionKind, MoneyPath, ReturnCode, TerminationCause
from shared.contracts.events import (
    BalancePaid,
    BalanceSettledOtherwise,
    PaymentHoldChanged,
    RelationEnded,
    SheetReturned,
    TransferCompleted,
    TransferTerminated,
)
from shared.contracts.events.relation import ReturnReason
from tests.unit.outbound.cases import CORE, NOW, PLATFORM, REVIEWER, a_case


def kinds(decision: Decision) -> list[TaskKind]:
    return [task.kind for task in decision.tasks]


def terminated() -> CoreResult:
    task = CoreTask(
        TaskKind.TERMINATE_RELATION,
        "370100",
        "ABCDEFGHJKMN2345",
        "completion",
        "P1",
        "R1",
        date(2026, 3, 9),
        task_id=UUID(int=0),
        position=1,
        state=TaskState.OPEN,
    )
    return CoreResult(task, CoreAnswer(UUID(int=0), Outcome.DONE, NOW, core_ref="T1"))


def completed(**changes: object) -> Case:
    event = TransferCompleted(sheet_version=1, completed_at=datetime(2026, 3, 9, tzinfo=NOW.tzinfo), trafin_psn_no="N1")
    decision = complete(a_case(CaseState.SHEET_ACCEPTED, **changes), event, PLATFORM, NOW)
    assert kinds(decision) == [TaskKind.TERMINATE_RELATION]
    assert decision.tasks[0].trafin_admdvs == "320100"
    return decision.case


@pytest.mark.law("N13")
@pytest.mark.parametrize("state", [CaseState.SHEET_ACCEPTED, CaseState.DRAFTING, CaseState.ISSUED])
def test_what_was_completed_is_neither_ended_nor_returned_nor_completed_again(state: CaseState) -> None:
    """Also before the core has ended the relation, and while a correction is under way."""
    case = replace(completed(owed_amount=100), state=state)
    ended = TransferTerminated(
        terminated_at=NOW, cause=TerminationCause.DEATH, reason="死亡", money_path=MoneyPath.RETAINED_AT_OUTBOUND
    )
    back = SheetReturned(sheet_version=1, returned_at=NOW, reasons=(ReturnReason(code=ReturnCode.ROWS, row=1),))
    again = TransferCompleted(sheet_version=1, completed_at=NOW, trafin_psn_no="N1")
    steps: tuple[Callable[[Case], Decision], ...] = (
        lambda one: terminate(one, ended, PLATFORM, NOW),
        lambda one: return_sheet(one, back, PLATFORM, NOW),
        lambda one: complete(one, again, PLATFORM, NOW),
    )
    for step in steps:
        with pytest.raises(CommandNotAllowed):
            step(case)
    correcting = replace(case, state=CaseState.SHEET_ACCEPTED, correction_kind=CorrectionKind.CORRECTION)
    assert return_sheet(correcting, back, PLATFORM, NOW).case.state is CaseState.DRAFTING
    for step in (steps[0], steps[2]):
        with pytest.raises(CommandNotAllowed):
            step(correcting)


def test_completion_ends_the_relation_once_the_core_has_done_so() -> None:
    case = completed()
    assert case.state is CaseState.SHEET_ACCEPTED
    ended = end_relation(case, terminated(), CORE, NOW)
    assert ended.case.state is CaseState.ENDED
    assert [type(letter.event) for letter in ended.letters] == [RelationEnded]
    assert ended.tasks == ()


def test_a_refunded_balance_is_taken_off_the_account_before_it_counts_as_settled() -> None:
    case = completed(acct_disposition=AcctDisposition.REFUNDED_TO_PERSON, frozen_balc=777)
    ended = end_relation(case, terminated(), CORE, NOW)
    assert [(task.kind, task.step, task.amount) for task in ended.tasks] == [(TaskKind.DEBIT_ACCOUNT, SETTLEMENT, 777)]
    settled = settle(ended.case, 777, "D1", CORE, NOW)
    [letter] = settled.letters
    assert isinstance(letter.event, BalanceSettledOtherwise)
    assert (letter.event.amount, letter.event.core_ref) == (777, "D1")


def test_a_retained_balance_is_freed_for_the_person() -> None:
    case = completed(acct_disposition=AcctDisposition.RETAINED_AT_OUTBOUND, frozen_balc=777)
    ended = end_relation(case, terminated(), CORE, NOW)
    assert [(task.kind, task.step) for task in ended.tasks] == [(TaskKind.UNFREEZE_ACCOUNT, SETTLEMENT)]


def test_an_empty_refund_is_settled_at_once_so_that_the_case_can_close() -> None:
    case = completed(acct_disposition=AcctDisposition.REFUNDED_TO_PERSON, frozen_balc=0)
    ended = end_relation(case, terminated(), CORE, NOW)
    assert [type(letter.event) for letter in ended.letters] == [RelationEnded, BalanceSettledOtherwise]
    assert ended.case.settled_on is not None


def test_a_payment_is_taken_off_the_account_in_any_state() -> None:
    ledger = Actor(ActorKind.LEDGER, message_id=uuid4())
    event = BalancePaid(obligation_no="1", amount=100, booked_on=date(2026, 3, 5), end_to_end_id="x-1")
    for state in CaseState:
        decision = take_payment(a_case(state), event, ledger, NOW)
        assert [(task.kind, task.amount) for task in decision.tasks] == [(TaskKind.DEBIT_ACCOUNT, 100)]
        assert decision.case.state is state
    assert take_debit(a_case(CaseState.ENDED), 100, "paid-1-20260302", CORE, NOW).case.debited_amount == 100


def test_a_hold_is_told_to_the_own_ledger() -> None:
    decision = hold_payment(a_case(CaseState.ISSUED), REVIEWER, NOW, is_held=True, reason="核实中")
    [letter] = decision.letters
    assert isinstance(letter.event, PaymentHoldChanged)
    assert (decision.case.is_payment_held, decision.case.payment_hold_reason) == (True, "核实中")
    with pytest.raises(CommandNotAllowed):
        hold_payment(a_case(CaseState.WITHDRAWN), REVIEWER, NOW, is_held=True, reason="核实中")
