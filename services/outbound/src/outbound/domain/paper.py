"""What a clerk notes of a case on paper and another approves: dispatch, confirmation, return, withdrawal (*design*)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from outbound.domain.case import Actor, Case
from outbound.domain.errors import CommandNotAllowed, ReasonMissing, SameClerk
from shared.contracts.codes import MoneyPath, Origin, TerminationCause
from shared.contracts.events.relation import ReturnReason
from shared.contracts.paper import StatedAccount
from shared.errors import Conflict, FieldError, InvalidInput
from shared.law import design


class PaperKind(StrEnum):
    """``dispatch`` stands for the platform's acceptance, ``addendum`` (an addendum was sent) for that of an addendum;
    ``completion`` and ``return`` are the inbound's letters, and
    ``termination`` is what both sides agreed in writing. A ``completion`` of a correction says that it was synced."""

    DISPATCH = "dispatch"
    COMPLETION = "completion"
    RETURN = "return"
    WITHDRAWAL = "withdrawal"
    TERMINATION = "termination"
    ADDENDUM = "addendum"


class StepState(StrEnum):
    """Where a note stands."""

    ENTERED = "entered"
    APPROVED = "approved"
    REJECTED = "rejected"


class PaperStepDecided(Conflict):
    """The note was approved or rejected already."""

    code = "paper-step-decided"


@dataclass(frozen=True, slots=True)
class PaperStep:
    """One note about paper. ``on`` is the day on the paper or of the dispatch (Shanghai)."""

    step_id: UUID
    rlts_traf_id: str
    kind: PaperKind
    sheet_version: int
    on: date
    note: str
    entered_by: str
    entered_name: str
    entered_at: datetime
    scan_digest: str | None = None
    payee_account: StatedAccount | None = None
    trafin_psn_no: str | None = None
    reasons: tuple[ReturnReason, ...] = ()
    cause: TerminationCause | None = None
    money_path: MoneyPath | None = None
    addendum_no: int | None = None
    state: StepState = StepState.ENTERED
    decided_by: str | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def require_on_paper(case: Case) -> None:
    """Raises ``CommandNotAllowed`` for a case that runs through the platform."""
    if case.origin is not Origin.PAPER:
        raise CommandNotAllowed("该办件通过平台办理，不能以纸质方式登记", code="not-on-paper")


def require_past(step: PaperStep, today: date) -> None:
    """Raises ``InvalidInput`` for what has not happened by ``today`` (Shanghai)."""
    if step.on > today:
        raise InvalidInput("登记的日期有误。", errors=[FieldError("/on", "future", "不得晚于今天")])


@design("two people note what paper says")
def decide_step(step: PaperStep, actor: Actor, at: datetime, *, is_approved: bool, reason: str | None) -> PaperStep:
    """The note after the second clerk; raises ``PaperStepDecided``, ``SameClerk`` or ``ReasonMissing``."""
    if step.state is not StepState.ENTERED:
        raise PaperStepDecided("该登记已批准或已退回。")
    if actor.opter_id == step.entered_by:
        raise SameClerk("登记与批准须为不同人员")
    if not is_approved and not reason:
        raise ReasonMissing("不批准应说明原因")
    return replace(
        step,
        state=StepState.APPROVED if is_approved else StepState.REJECTED,
        decided_by=actor.opter_id,
        decided_name=actor.opter_name,
        decided_at=at,
        reason=reason,
    )
