"""An accepted sheet is recalled before the completion, by two people."""

from dataclasses import replace
from typing import Any

import pytest

from outbound.domain.case import Case, CaseState
from outbound.domain.errors import CommandNotAllowed, ReasonMissing, SameClerk
from outbound.domain.transitions.exchange import complete
from outbound.domain.transitions.recalling import HOLD_REASON, review_recall, submit_recall
from shared.contracts.codes import CorrectionKind, Origin
from shared.contracts.events import PaymentHoldChanged, SheetRecalled, TransferCompleted
from tests.unit.outbound.cases import CLERK, NOW, PLATFORM, REVIEWER, a_case


def accepted(**changes: Any) -> Case:
    return replace(a_case(CaseState.SHEET_ACCEPTED, owed_amount=100, obligation_no=1), **changes)


def submitted(**changes: Any) -> Case:
    return submit_recall(accepted(**changes), "误签章", CLERK, NOW).case


def test_the_platform_is_asked_once_another_person_approves() -> None:
    proposed = submit_recall(accepted(), "误签章", CLERK, NOW)
    assert (proposed.case.recall_by, proposed.case.recall_asked_at, proposed.letters) == ("u1", None, ())
    asked = review_recall(proposed.case, REVIEWER, NOW, is_approved=True, reason=None)
    assert asked.case.state is CaseState.SHEET_ACCEPTED
    assert [letter.event for letter in asked.letters] == [
        SheetRecalled(sheet_version=1, recalled_at=NOW, reason="误签章"),
        PaymentHoldChanged(is_held=True, reason=HOLD_REASON),
    ]


@pytest.mark.parametrize("changes", [{"owed_amount": 0}, {"is_payment_held": True, "payment_hold_reason": "核实中"}])
def test_nothing_is_held_where_nothing_is_owed_or_clerks_hold_it(changes: dict[str, Any]) -> None:
    asked = review_recall(submitted(**changes), REVIEWER, NOW, is_approved=True, reason=None)
    assert [type(letter.event) for letter in asked.letters] == [SheetRecalled]
    assert asked.case.payment_hold_reason == changes.get("payment_hold_reason")


def test_a_rejection_has_a_reason_and_leaves_nothing() -> None:
    with pytest.raises(SameClerk):
        review_recall(submitted(), CLERK, NOW, is_approved=True, reason=None)
    with pytest.raises(ReasonMissing):
        review_recall(submitted(), REVIEWER, NOW, is_approved=False, reason=None)
    rejected = review_recall(submitted(), REVIEWER, NOW, is_approved=False, reason="原表无误")
    assert (rejected.case.recall_by, rejected.case.recall_reason, rejected.letters) == (None, None, ())
    assert submit_recall(rejected.case, "误签章", CLERK, NOW).case.recall_by == "u1"


@pytest.mark.parametrize(
    "changes",
    [
        {"completed_at": NOW},
        {"correction_kind": CorrectionKind.CORRECTION},
        {"origin": Origin.PAPER},
        {"recall_by": "u3"},
        *({"state": state} for state in CaseState if state is not CaseState.SHEET_ACCEPTED),
    ],
)
def test_only_a_version_that_is_at_the_inbound_is_recalled_and_once(changes: dict[str, Any]) -> None:
    with pytest.raises(CommandNotAllowed):
        submit_recall(accepted(**changes), "误签章", CLERK, NOW)


def test_a_review_needs_an_open_recall() -> None:
    asked = review_recall(submitted(), REVIEWER, NOW, is_approved=True, reason=None).case
    for case in (accepted(), asked):
        with pytest.raises(CommandNotAllowed):
            review_recall(case, REVIEWER, NOW, is_approved=True, reason=None)


def test_a_completion_that_came_first_ends_the_recall_and_its_hold() -> None:
    asked = review_recall(submitted(), REVIEWER, NOW, is_approved=True, reason=None).case
    event = TransferCompleted(sheet_version=1, completed_at=NOW, trafin_psn_no="N1")
    done = complete(asked, event, PLATFORM, NOW)
    assert [letter.event for letter in done.letters] == [PaymentHoldChanged(is_held=False, reason="信息表撤回已有结果")]
    assert (done.case.recall_by, done.case.is_payment_held, done.case.payment_hold_reason) == (None, False, None)
    assert [each.kind for each in done.tasks] == ["terminate_relation"]
