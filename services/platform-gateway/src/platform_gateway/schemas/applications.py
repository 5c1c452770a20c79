"""Answers to applications."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field

from platform_gateway.domain.case import Case
from platform_gateway.domain.reasons import StatedReason
from platform_gateway.domain.states import CaseState
from shared.contracts.application import Application
from shared.contracts.codes import AcctDisposition
from shared.contracts.facts import Side
from shared.contracts.model import Document


class AnsweredOutcome(StrEnum):
    """What an application came to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"
    CHECKING = "checking"
    WITHDRAWN = "withdrawn"
    NOT_TAKEN = "not_taken"


class ShownReason(BaseModel):
    """One reason: code, text, what the applicant can do, the articles it rests on."""

    code: str
    title: str
    remedy: str
    articles: tuple[str, ...]
    side: Side | None = None
    note: str | None = None
    pointer: str | None = None
    readings: tuple[str, ...] = ()


class ApplicationAnswer(BaseModel):
    """The answer to one application. ``open_rlts_traf_id`` is told only to who may know of that case."""

    outcome: AnsweredOutcome
    rlts_traf_id: str | None = None
    state: CaseState | None = None
    reasons: tuple[ShownReason, ...] = ()
    unknown_sides: tuple[Side, ...] = ()
    open_rlts_traf_id: str | None = None
    acct_disposition: AcctDisposition | None = None
    applied_at: datetime | None = None
    accepted_at: datetime | None = None


class ApplicationBatch(Document):
    """Up to 500 applications at once."""

    items: Annotated[tuple[Application, ...], Field(min_length=1, max_length=500)]


class BatchAnswer(BaseModel):
    """An answer per application, in the order sent."""

    batch_id: str
    items: list[ApplicationAnswer]


def without_case(reasons: tuple[StatedReason, ...] | list[dict[str, Any]], *, is_not_needed: bool) -> ApplicationAnswer:
    """The answer to an application that no case arises from."""
    outcome = AnsweredOutcome.NOT_NEEDED if is_not_needed else AnsweredOutcome.NOT_TAKEN
    return ApplicationAnswer(outcome=outcome, reasons=shown_reasons(reasons))


def of_case(case: Case, *, open_rlts_traf_id: str | None) -> ApplicationAnswer:
    """The answer that a case gives now; ``open_rlts_traf_id`` where the caller may know it."""
    return ApplicationAnswer(
        outcome=_outcome(case),
        rlts_traf_id=case.rlts_traf_id,
        state=case.state,
        reasons=shown_reasons(list(case.reasons)),
        unknown_sides=tuple(Side(side) for side in case.unknown_sides),
        open_rlts_traf_id=open_rlts_traf_id,
        acct_disposition=case.acct_disposition,
        applied_at=case.applied_at,
        accepted_at=case.accepted_at,
    )


def shown_reasons(reasons: tuple[StatedReason, ...] | list[dict[str, Any]]) -> tuple[ShownReason, ...]:
    """Reasons as people read them."""
    return tuple(ShownReason.model_validate(reason, from_attributes=True) for reason in reasons)


def _outcome(case: Case) -> AnsweredOutcome:
    if case.state is CaseState.CHECKING:
        return AnsweredOutcome.CHECKING
    if case.state is CaseState.REFUSED:
        return AnsweredOutcome.REFUSED
    if case.state is CaseState.WITHDRAWN:
        return AnsweredOutcome.WITHDRAWN
    return AnsweredOutcome.ACCEPTED
