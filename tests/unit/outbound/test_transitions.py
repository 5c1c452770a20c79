"""What every command comes to in every state."""

from collections.abc import Callable
from datetime import date

import pytest

from outbound.domain.case import ActorKind, Case, CaseState, SigningRule
from outbound.domain.decision import Decision
from outbound.domain.errors import CommandNotAllowed, ReasonMissing, SameClerk
from outbound.domain.sealed import SealedVersion
from outbound.domain.transitions.exchange import accept_sheet, complete, refuse_sheet, return_sheet, withdraw
from outbound.domain.transitions.handling import approve, begin_drafting, handle_automatically, reject, submit
from outbound.domain.transitions.sealing import issue, send_back, take_freeze, take_freeze_failure
from shared.agency.core import TaskKind
from shared.contracts.codes import AcctDisposition, ReturnCode
from shared.contracts.events import (
    BalancePayable,
    SheetAccepted,
    SheetIssued,
    SheetRefused,
    SheetReturned,
    TransferCompleted,
)
from shared.contracts.events.relation import ReturnReason
from shared.sheet_rules import sheet_finding
from tests.unit.outbound.cases import CLERK, CORE, NOW, PLATFORM, REVIEWER, a_case


def kinds(decision: Decision) -> list[TaskKind]:
    return [task.kind for task in decision.tasks]


def sealed(amount: int = 123456, version: int = 1) -> SealedVersion:
    return SealedVersion("ABCDEFGHJKMN2345", version, "{}", "d", "k", amount, "6222-1", "6222-2", NOW)


def accepted_version(case: Case, amount: int = 123456) -> Decision:
    event = SheetAccepted(sheet_version=case.sheet_version, arrival="a")
    return accept_sheet(case, event, sealed(amount, case.sheet_version), PLATFORM, NOW)


def payables(decision: Decision) -> list[tuple[str, int, int]]:
    return [
        (letter.event.obligation_no, letter.event.sheet_version, letter.event.amount)
        for letter in decision.letters
        if isinstance(letter.event, BalancePayable)
    ]


def test_the_relation_is_held_before_the_draft_is_worked_on() -> None:
    assert begin_drafting(a_case(CaseState.ACCEPTED), CORE, NOW).case.state is CaseState.DRAFTING
    with pytest.raises(CommandNotAllowed):
        submit(a_case(CaseState.ACCEPTED), CLERK, NOW, SigningRule.TWO_PEOPLE, [])


def test_approval_freezes_the_account_and_only_then_may_be_sealed() -> None:
    submitted = submit(a_case(), CLERK, NOW, SigningRule.TWO_PEOPLE, []).case
    approved = approve(submitted, REVIEWER, NOW)
    assert kinds(approved) == [TaskKind.FREEZE_ACCOUNT]
    assert not approved.case.is_ready_to_seal
    frozen = take_freeze(approved.case, 123456, "1", CORE, NOW).case
    assert (frozen.is_ready_to_seal, frozen.frozen_balc, frozen.acctfund_traf_amt) == (True, 123456, 123456)


def test_without_an_account_there_is_nothing_to_freeze() -> None:
    approved = approve(a_case(CaseState.SUBMITTED, has_account=False), REVIEWER, NOW)
    assert approved.tasks == ()
    assert approved.case.is_ready_to_seal


@pytest.mark.parametrize("disposition", [each for each in AcctDisposition if each is not AcctDisposition.TRANSFER])
def test_a_balance_that_does_not_travel_is_not_on_the_sheet(disposition: AcctDisposition) -> None:
    case = a_case(CaseState.APPROVED, acct_disposition=disposition)
    assert take_freeze(case, 123456, "1", CORE, NOW).case.acctfund_traf_amt == 0


def test_who_submitted_may_not_review_where_two_are_asked_for() -> None:
    case = a_case(CaseState.SUBMITTED)
    with pytest.raises(SameClerk):
        approve(case, CLERK, NOW)
    alone = a_case(CaseState.SUBMITTED, signing_rule=SigningRule.ONE_PERSON)
    assert approve(alone, CLERK, NOW).case.state is CaseState.APPROVED


def test_a_rejection_needs_a_reason_and_goes_back_to_the_draft() -> None:
    with pytest.raises(ReasonMissing):
        reject(a_case(CaseState.SUBMITTED), REVIEWER, NOW, None)
    rejected = reject(a_case(CaseState.SUBMITTED), REVIEWER, NOW, "月数不符").case
    assert (rejected.state, rejected.rchk_flag, rejected.review_reason) == (CaseState.DRAFTING, "2", "月数不符")


def test_automatic_handling_is_recorded_as_such() -> None:
    decision = handle_automatically(a_case(), NOW, [])
    assert decision.case.signing_rule is SigningRule.AUTOMATIC
    assert [step.actor.kind for step in decision.steps] == [ActorKind.SYSTEM, ActorKind.SYSTEM]
    assert decision.case.submitter_id == decision.case.reviewer_id == "system"


@pytest.mark.parametrize(
    ("state", "undone"),
    [
        (CaseState.ACCEPTED, [TaskKind.RESUME_RELATION]),
        (CaseState.DRAFTING, [TaskKind.RESUME_RELATION]),
        (CaseState.SUBMITTED, [TaskKind.RESUME_RELATION]),
        (CaseState.APPROVED, [TaskKind.UNFREEZE_ACCOUNT, TaskKind.RESUME_RELATION]),
        (CaseState.ISSUED, [TaskKind.UNFREEZE_ACCOUNT, TaskKind.RESUME_RELATION]),
    ],
)
def test_a_withdrawal_puts_back_what_was_done(state: CaseState, undone: list[TaskKind]) -> None:
    decision = withdraw(a_case(state), PLATFORM, NOW, "本人撤销")
    assert decision.case.state is CaseState.WITHDRAWN
    assert kinds(decision) == undone


@pytest.mark.parametrize("state", [CaseState.SHEET_ACCEPTED, CaseState.ENDED])
def test_nothing_is_withdrawn_after_a_sheet_was_accepted(state: CaseState) -> None:
    with pytest.raises(CommandNotAllowed):
        withdraw(a_case(state), PLATFORM, NOW, "本人撤销")


def test_nothing_is_withdrawn_after_a_return() -> None:
    returned = a_case(CaseState.DRAFTING, owed_amount=123456, sheet_version=2)
    with pytest.raises(CommandNotAllowed):
        withdraw(returned, PLATFORM, NOW, "本人撤销")


def test_a_withdrawal_told_twice_undoes_once() -> None:
    withdrawn = withdraw(a_case(CaseState.ISSUED), PLATFORM, NOW, "本人撤销").case
    late = refuse_sheet(withdrawn, SheetRefused(sheet_version=1, code="withdrawn"), PLATFORM, NOW)
    assert late.tasks == ()
    assert late.case.state is CaseState.WITHDRAWN
    assert len(late.steps) == 1


def test_a_sheet_that_comes_after_the_withdrawal_undoes_all() -> None:
    decision = refuse_sheet(a_case(CaseState.ISSUED), SheetRefused(sheet_version=1, code="withdrawn"), PLATFORM, NOW)
    assert decision.case.state is CaseState.WITHDRAWN
    assert kinds(decision) == [TaskKind.UNFREEZE_ACCOUNT, TaskKind.RESUME_RELATION]


def test_a_refused_content_is_done_again_as_the_next_version() -> None:
    event = SheetRefused(sheet_version=1, code="seal", findings=(sheet_finding("E23"),))
    decision = refuse_sheet(a_case(CaseState.ISSUED), event, PLATFORM, NOW)
    assert (decision.case.state, decision.case.sheet_version) == (CaseState.DRAFTING, 2)
    assert kinds(decision) == [TaskKind.UNFREEZE_ACCOUNT]
    assert [finding.code for finding in decision.case.findings] == ["E23"]


@pytest.mark.parametrize("state", [CaseState.DRAFTING, CaseState.SUBMITTED, CaseState.WITHDRAWN])
def test_a_freeze_that_nobody_waits_for_any_more_is_undone(state: CaseState) -> None:
    late = take_freeze(a_case(state, approval_no=1), 5, "1", CORE, NOW)
    assert kinds(late) == [TaskKind.UNFREEZE_ACCOUNT]
    assert late.case.frozen_balc is None


def test_a_late_freeze_does_not_free_an_account_that_a_new_approval_froze() -> None:
    assert take_freeze(a_case(CaseState.APPROVED, approval_no=2), 5, "1", CORE, NOW).tasks == ()


def test_a_failed_freeze_goes_back_to_the_clerk() -> None:
    case = take_freeze_failure(a_case(CaseState.APPROVED), "1", CORE, NOW, "账户不存在").case
    assert case.state is CaseState.DRAFTING


def test_a_faulty_sheet_goes_back_with_its_findings_and_frees_the_account() -> None:
    decision = send_back(a_case(CaseState.APPROVED, is_ready_to_seal=True), NOW, [sheet_finding("E01")])
    assert (decision.case.state, decision.case.is_ready_to_seal) == (CaseState.DRAFTING, False)
    assert kinds(decision) == [TaskKind.UNFREEZE_ACCOUNT]


def test_an_issued_sheet_goes_to_the_platform_with_the_frozen_amount() -> None:
    case = a_case(CaseState.APPROVED, is_ready_to_seal=True, frozen_balc=5, acctfund_traf_amt=5)
    decision = issue(case, "sealed", NOW, [])
    [letter] = decision.letters
    assert isinstance(letter.event, SheetIssued)
    assert (letter.event.amount, letter.event.sheet_version, str(letter.recipient)) == (5, 1, "platform")


def test_an_accepted_sheet_makes_its_amount_payable_by_the_own_ledger() -> None:
    decision = accepted_version(a_case(CaseState.ISSUED))
    assert payables(decision) == [("1", 1, 123456)]
    assert str(decision.letters[0].recipient) == "ledger.370100"


def test_nothing_is_payable_for_an_amount_of_zero() -> None:
    decision = accepted_version(a_case(CaseState.ISSUED), amount=0)
    assert decision.letters == ()
    assert decision.case.owed_amount == 0


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(100, 100, [("1", 2, 100)]), (100, 90, [("2", 2, 90)]), (100, 0, [("2", 2, 0)]), (0, 0, [])],
)
def test_the_next_version_changes_what_is_owed(before: int, after: int, told: list[tuple[str, int, int]]) -> None:
    case = a_case(CaseState.ISSUED, sheet_version=2, owed_amount=before, obligation_no=1)
    assert payables(accepted_version(case, after)) == told


def test_a_return_opens_the_next_version_and_keeps_the_account_frozen() -> None:
    event = SheetReturned(
        sheet_version=1,
        returned_at=NOW,
        reasons=(ReturnReason(code=ReturnCode.ROWS, row=1, box="months"),),
        outbound_due_on=date(2026, 4, 1),
    )
    decision = return_sheet(a_case(CaseState.SHEET_ACCEPTED), event, PLATFORM, NOW)
    case = decision.case
    assert (case.state, case.sheet_version, case.due_on) == (CaseState.DRAFTING, 2, date(2026, 4, 1))
    assert [step.to_state for step in decision.steps] == [CaseState.RETURNED, CaseState.DRAFTING]
    assert decision.tasks == ()


def test_what_was_paid_for_version_one_counts_in_version_two() -> None:
    case = a_case(CaseState.APPROVED, sheet_version=2, debited_amount=100, owed_amount=100)
    assert take_freeze(case, 20, "1", CORE, NOW).case.acctfund_traf_amt == 120


COMMANDS: dict[str, tuple[Callable[[Case], Decision], set[CaseState]]] = {
    "submit": (lambda case: submit(case, CLERK, NOW, SigningRule.TWO_PEOPLE, []), {CaseState.DRAFTING}),
    "approve": (lambda case: approve(case, REVIEWER, NOW), {CaseState.SUBMITTED}),
    "reject": (lambda case: reject(case, REVIEWER, NOW, "不符"), {CaseState.SUBMITTED}),
    "accept": (accepted_version, {CaseState.ISSUED}),
    "return": (
        lambda case: return_sheet(case, SheetReturned(sheet_version=1, returned_at=NOW, reasons=()), PLATFORM, NOW),
        {CaseState.SHEET_ACCEPTED},
    ),
    "complete": (
        lambda case: complete(
            case, TransferCompleted(sheet_version=1, completed_at=NOW, trafin_psn_no="N1"), PLATFORM, NOW
        ),
        {CaseState.SHEET_ACCEPTED},
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("state", list(CaseState))
def test_commands_are_allowed_in_their_states_only(name: str, state: CaseState) -> None:
    command, allowed = COMMANDS[name]
    if state in allowed:
        assert command(a_case(state)).case.row_version > 1
    else:
        with pytest.raises(CommandNotAllowed):
            command(a_case(state))
