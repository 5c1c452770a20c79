"""经办 and 复核 of a received sheet."""

from dataclasses import dataclass, replace
from datetime import datetime

from inbound.domain.case import CaseState, DecisionKind, InboundCase
from inbound.domain.transitions import Command, next_state
from shared.contracts.codes import ReturnCode
from shared.contracts.events.relation import ReturnReason
from shared.errors import Conflict, FieldError, InvalidInput, PreconditionFailed

SYSTEM = "system"


class SheetHasErrors(Conflict):
    """Annex 3 does not allow the sheet as it is: it can only be returned."""

    code = "sheet-has-errors"


class SamePerson(Conflict):
    """Who submitted may not review where the agency asks for two people."""

    code = "two-people-required"


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who acts, from the token: ``opter_id`` and ``opter_name``."""

    opter_id: str
    opter_name: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What a clerk proposes; ``seen`` are the case versions accepted, ``None`` for whichever there is."""

    rlts_traf_id: str
    decision: DecisionKind
    seen: frozenset[str] | None
    reasons: tuple[ReturnReason, ...] = ()
    memo: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What the second clerk says: approve, or reject with a reason."""

    rlts_traf_id: str
    is_approved: bool
    seen: frozenset[str] | None
    reason: str | None = None


def submit(case: InboundCase, submission: Submission, clerk: Clerk, now: datetime, *, two_people: bool) -> InboundCase:
    """The case with the proposal; raises ``NotAllowed``, ``PreconditionFailed``, ``InvalidInput`` or the like."""
    _require_seen(case, submission.seen)
    state = next_state(case.state, Command.SUBMIT)
    if submission.decision is DecisionKind.ACCEPT:
        _require_acceptable(case, submission)
    else:
        _require_reasons(submission)
    return replace(
        case,
        state=state,
        decision=submission.decision,
        reasons=submission.reasons,
        memo=submission.memo,
        submitted_by=clerk.opter_id,
        submitted_name=clerk.opter_name,
        submitted_at=now,
        reviewed_by=None,
        reviewed_name=None,
        reviewed_at=None,
        needs_two_people=two_people,
        is_automatic=False,
    )


def review(case: InboundCase, verdict: Review, clerk: Clerk, now: datetime) -> InboundCase:
    """The case after 复核; raises ``NotAllowed``, ``PreconditionFailed``, ``InvalidInput`` or ``SamePerson``."""
    _require_seen(case, verdict.seen)
    command = Command.REJECT
    if verdict.is_approved:
        is_accept = case.decision is DecisionKind.ACCEPT
        command = Command.APPROVE_ACCEPT if is_accept else Command.APPROVE_RETURN
    state = next_state(case.state, command)
    if case.needs_two_people:
        require_another(clerk, case.submitted_by)
    require_reasoned(verdict.reason, is_approved=verdict.is_approved)
    return replace(case, state=state, reviewed_by=clerk.opter_id, reviewed_name=clerk.opter_name, reviewed_at=now)


def require_another(clerk: Clerk, first: str | None) -> None:
    """Returns where ``clerk`` is not the person who acted ``first`` (``opter_id``); raises ``SamePerson``."""
    if clerk.opter_id == first:
        raise SamePerson("经办（录入）与复核（确认）须为不同人员。")


def require_reasoned(reason: str | None, *, is_approved: bool) -> None:
    """Returns for an approval, and for a refusal that says why; raises ``InvalidInput``."""
    if not is_approved and not reason:
        raise InvalidInput("不通过须说明原因。", errors=[FieldError("/reason", "missing", "不通过须说明原因")])


def accept_by_itself(case: InboundCase, now: datetime) -> InboundCase:
    """A received sheet without any difference, accepted without a clerk (the agency's setting)."""
    if case.difference_count:
        raise SheetHasErrors("信息表与申请或本地记录有差异，须人工核对。")
    next_state(next_state(case.state, Command.SUBMIT), Command.APPROVE_ACCEPT)
    return replace(
        case,
        state=CaseState.APPROVED,
        decision=DecisionKind.ACCEPT,
        reasons=(),
        memo=None,
        submitted_by=SYSTEM,
        submitted_name="系统自动核对",
        submitted_at=now,
        reviewed_by=SYSTEM,
        reviewed_name="系统自动核对",
        reviewed_at=now,
        is_automatic=True,
    )


def _require_seen(case: InboundCase, seen: frozenset[str] | None) -> None:
    if seen is not None and str(case.version) not in seen:
        raise PreconditionFailed("数据在您读取之后已被修改，请重新读取后再提交。")


def _require_acceptable(case: InboundCase, submission: Submission) -> None:
    if submission.reasons:
        reasons = FieldError("/reasons", "not-with-accept", "接收时不填写退回原因")
        raise InvalidInput("接收信息表时不能填写退回原因。", errors=[reasons])
    if case.error_count:
        raise SheetHasErrors("信息表存在不符合填写规则的内容，只能退回更正。")
    if case.trafin_psn_no is None:
        raise SheetHasErrors("本地查不到该参保人员，不能接收。")
    if case.difference_count and not submission.memo:
        memo = FieldError("/memo", "missing", "存在差异时须说明接收的理由")
        raise InvalidInput("信息表与申请或本地记录有差异，接收须说明理由。", errors=[memo])


def _require_reasons(submission: Submission) -> None:
    if not submission.reasons:
        raise InvalidInput("退回须填写原因。", errors=[FieldError("/reasons", "missing", "退回须填写原因")])
    errors = []
    for index, reason in enumerate(submission.reasons):
        if reason.box is None:
            errors.append(FieldError(f"/reasons/{index}/box", "missing", "须指明所在栏目"))
        if reason.code is ReturnCode.ROWS and reason.row is None:
            errors.append(FieldError(f"/reasons/{index}/row", "missing", "参保记录有误须指明行号"))
        if reason.code is ReturnCode.OTHER and not reason.text:
            errors.append(FieldError(f"/reasons/{index}/text", "missing", "其他原因须文字说明"))
    if errors:
        raise InvalidInput("退回原因不完整。", errors=errors)
