"""A case on paper ends after its sheet, by what both sides agreed in writing: noted and approved (*design*)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from inbound.domain.case import CaseState, InboundCase
from inbound.domain.decisions import Clerk, require_another, require_reasoned
from inbound.domain.transitions import NotAllowed
from shared.contracts.codes import MoneyPath, Origin, TerminationCause
from shared.errors import Conflict
from shared.law import design

_ENDABLE = (CaseState.RECEIVED, CaseState.SUBMITTED, CaseState.APPROVED, CaseState.RETURNED)


class EndState(StrEnum):
    """Where a note stands."""

    ENTERED = "entered"
    APPROVED = "approved"
    REJECTED = "rejected"


class PaperEndDecided(Conflict):
    """The note was approved or rejected already."""

    code = "paper-end-decided"


@dataclass(frozen=True, slots=True)
class PaperEnd:
    """Why a case ends and what becomes of the money, as the letter says whose scan it names."""

    end_id: UUID
    rlts_traf_id: str
    cause: TerminationCause
    money_path: MoneyPath
    note: str
    scan_digest: str
    entered_by: str
    entered_name: str
    entered_at: datetime
    state: EndState = EndState.ENTERED
    decided_by: str | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def require_endable(case: InboundCase) -> None:
    """Returns for a case on paper between its sheet and its completion, not while a correction is looked at.

    Raises ``NotAllowed``.
    """
    if case.origin is not Origin.PAPER:
        raise NotAllowed("该办件通过平台办理，由双方在平台确认终止。")
    if case.state not in _ENDABLE or case.completed_at is not None:
        raise NotAllowed("收到信息表之后、转入办结之前才能终止。")


@design("two people note what paper says")
def decide_end(end: PaperEnd, clerk: Clerk, at: datetime, *, is_approved: bool, reason: str | None) -> PaperEnd:
    """The note after the second clerk; raises ``PaperEndDecided``, ``SamePerson`` or ``InvalidInput``."""
    if end.state is not EndState.ENTERED:
        raise PaperEndDecided("该终止登记已批准或已退回。")
    require_another(clerk, end.entered_by)
    require_reasoned(reason, is_approved=is_approved)
    return replace(
        end,
        state=EndState.APPROVED if is_approved else EndState.REJECTED,
        decided_by=clerk.opter_id,
        decided_name=clerk.opter_name,
        decided_at=at,
        reason=reason,
    )
