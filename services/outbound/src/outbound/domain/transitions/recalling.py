"""An accepted sheet that was sealed in error is recalled before the completion (*design*), by two people."""

from datetime import datetime
from typing import Any

from outbound.domain.case import Actor, Case, CaseState
from outbound.domain.decision import Decision, Letter, decide, require, to_ledger, to_platform
from outbound.domain.errors import CommandNotAllowed, ReasonMissing, SameClerk
from shared.contracts.codes import Origin
from shared.contracts.events import PaymentHoldChanged, SheetRecalled
from shared.law import design

HOLD_REASON = "信息表撤回，待新一版信息表接收后恢复划转"
"""Tells the recall's own hold of the payment from one that clerks put on it."""

NO_RECALL: dict[str, Any] = {"recall_reason": None, "recall_by": None, "recall_asked_at": None}
"""What ends every recall, whatever became of it."""


@design("recall of a sheet sealed in error, before completion")
def submit_recall(case: Case, reason: str, actor: Actor, at: datetime) -> Decision:
    """经办: ask for the accepted version back. It takes effect when another person approves.

    Raises ``CommandNotAllowed`` for a version that is not at the inbound, a correction, a case on paper.
    """
    _require_recallable(case, "recall")
    if case.recall_by is not None:
        raise CommandNotAllowed("该信息表已有撤回申请", code="recall-not-allowed")
    return decide(
        case,
        "recall_submitted",
        case.state,
        at,
        actor,
        reason=reason,
        recall_reason=reason,
        recall_by=actor.opter_id,
    )


@design("recall of a sheet sealed in error, before completion: two people")
def review_recall(case: Case, actor: Actor, at: datetime, *, is_approved: bool, reason: str | None) -> Decision:
    """复核: the platform is asked, and the payment held meanwhile; or the recall is rejected with a reason.

    Raises ``CommandNotAllowed``, ``SameClerk`` or ``ReasonMissing``.
    """
    _require_recallable(case, "recall-review")
    if case.recall_by is None or case.recall_asked_at is not None:
        raise CommandNotAllowed("没有待复核的撤回申请", code="recall-review-not-allowed")
    if actor.opter_id == case.recall_by:
        raise SameClerk("经办人不能复核自己提出的撤回")
    if not is_approved and not reason:
        raise ReasonMissing("复核不通过应说明原因")
    if not is_approved:
        return decide(case, "recall_rejected", case.state, at, actor, reason=reason, **NO_RECALL)
    event = SheetRecalled(sheet_version=case.sheet_version, recalled_at=at, reason=case.recall_reason or "")
    letters, held = _hold(case)
    return decide(
        case,
        "recall_asked",
        case.state,
        at,
        actor,
        reason=reason,
        letters=(to_platform(event), *letters),
        recall_asked_at=at,
        **held,
    )


@design("recall of a sheet sealed in error, before completion: the payment waits")
def lift_recall_hold(case: Case) -> tuple[tuple[Letter, ...], dict[str, Any]]:
    """The letter and the changes that let the payment go on, once a version stands again; a clerks' hold stays."""
    if not case.is_payment_held or case.payment_hold_reason != HOLD_REASON:
        return (), {}
    event = PaymentHoldChanged(is_held=False, reason="信息表撤回已有结果")
    return (to_ledger(case, event),), {"is_payment_held": False, "payment_hold_reason": None}


def _hold(case: Case) -> tuple[tuple[Letter, ...], dict[str, Any]]:
    if case.is_payment_held or not case.owed_amount:
        return (), {}
    event = PaymentHoldChanged(is_held=True, reason=HOLD_REASON)
    return (to_ledger(case, event),), {"is_payment_held": True, "payment_hold_reason": HOLD_REASON}


def takes_back(case: Case) -> bool:
    """Whether the present version states less than an older one: its payment may have left before the bank shows it."""
    return case.owed_amount is not None and max(case.debited_amount, case.most_stated) > case.owed_amount


def _require_recallable(case: Case, command: str) -> None:
    require(case, command, CaseState.SHEET_ACCEPTED)
    if case.completed_at is not None or case.correction_kind is not None:
        raise CommandNotAllowed("转入已办结，应按办结后更正办理", code=f"{command}-not-allowed")
    if takes_back(case):
        # The inbound may have given back by then what this version takes back: that return is never recalled.
        raise CommandNotAllowed(
            "该信息表金额少于以前版本，款项可能正在退回，应待办结后更正", code=f"{command}-not-allowed"
        )
    if case.origin is Origin.PAPER:
        raise CommandNotAllowed("纸质办件的信息表不能通过平台撤回", code=f"{command}-not-allowed")
