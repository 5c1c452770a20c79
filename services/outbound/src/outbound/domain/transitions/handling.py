"""经办 and 复核: from the draft to an approved sheet (N8: 核对无误)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from outbound.domain.case import SYSTEM, Actor, Case, CaseState, SigningRule
from outbound.domain.decision import Decision, decide, note, require, task
from outbound.domain.errors import ReasonMissing, SameClerk
from shared.agency.core import TaskKind
from shared.clock import local_date
from shared.contracts.info_sheet import SheetFinding
from shared.law import design

WORKABLE = (CaseState.DRAFTING,)


def begin_drafting(case: Case, actor: Actor, at: datetime) -> Decision:
    """The core has suspended the relation (N13); a late answer to a case that has gone on is only noted."""
    if case.state is not CaseState.ACCEPTED:
        return note(case, "relation_suspended", at, actor)
    return decide(case, "relation_suspended", CaseState.DRAFTING, at, actor)


def correct_draft(case: Case, actor: Actor, at: datetime, reason: str, findings: Sequence[SheetFinding]) -> Decision:
    """A clerk has changed the draft; ``findings`` are what the rules now say of it."""
    require(case, "correction", *WORKABLE)
    return decide(case, "draft_corrected", case.state, at, actor, reason=reason, findings=tuple(findings))


def submit(case: Case, actor: Actor, at: datetime, rule: SigningRule, findings: Sequence[SheetFinding]) -> Decision:
    """经办: the draft has no error (``findings`` are its warnings) and goes to review under ``rule``."""
    require(case, "submission", *WORKABLE)
    return decide(
        case,
        "submitted",
        CaseState.SUBMITTED,
        at,
        actor,
        signing_rule=rule,
        submitter_id=actor.opter_id,
        submitter_name=actor.opter_name,
        submitted_at=at,
        reviewer_id=None,
        reviewer_name=None,
        reviewed_at=None,
        rchk_flag="0",
        review_reason=None,
        findings=tuple(findings),
    )


@design("when the account is frozen")
def approve(case: Case, actor: Actor, at: datetime) -> Decision:
    """复核 passed: the account is frozen and the sheet sealed; without an account it can be sealed at once."""
    require(case, "review", CaseState.SUBMITTED)
    if case.signing_rule is SigningRule.TWO_PEOPLE and actor.opter_id == case.submitter_id:
        raise SameClerk("经办人不能复核自己提交的信息表")
    approval_no = case.approval_no + 1
    numbered = replace(case, approval_no=approval_no)
    freeze = task(numbered, TaskKind.FREEZE_ACCOUNT, str(approval_no), local_date(at))
    return decide(
        case,
        "approved",
        CaseState.APPROVED,
        at,
        actor,
        tasks=(freeze,) if case.has_account else (),
        approval_no=approval_no,
        is_ready_to_seal=not case.has_account,
        seal_not_before=None,
        frozen_balc=None,
        acctfund_traf_amt=0,
        reviewer_id=actor.opter_id,
        reviewer_name=actor.opter_name,
        reviewed_at=at,
        rchk_flag="1",
    )


def reject(case: Case, actor: Actor, at: datetime, reason: str | None) -> Decision:
    """复核 not passed: back to the draft, with the reason that 经办 needs."""
    require(case, "review", CaseState.SUBMITTED)
    if not reason:
        raise ReasonMissing("复核不通过应说明原因")
    return decide(
        case,
        "review_rejected",
        CaseState.DRAFTING,
        at,
        actor,
        reason=reason,
        reviewer_id=None,
        reviewer_name=None,
        reviewed_at=at,
        rchk_flag="2",
        review_reason=reason,
    )


def handle_automatically(case: Case, at: datetime, findings: Sequence[SheetFinding]) -> Decision:
    """``auto_seal``: the system submits and approves by itself, and both are recorded as such."""
    submitted = submit(case, SYSTEM, at, SigningRule.AUTOMATIC, findings)
    return submitted.then(approve(submitted.case, SYSTEM, at))
