"""Answers to applications."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from platform_gateway.domain.case import Case
from platform_gateway.domain.states import CaseState
from shared.contracts.application import Application, Text
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


class ShownUnknown(BaseModel):
    """What a side cannot tell yet: which rule waits for it, why, since when, and when the side is asked again."""

    side: Side
    code: str | None
    note: str
    since: datetime
    asked_again_at: datetime | None


class ShownReading(BaseModel):
    """A reading that the decision used; ``is_set``: the region has laid it down, otherwise the default holds."""

    name: str
    value: str
    is_set: bool


class LocalQuestion(BaseModel):
    """A reading that the region has not set, under another meaning of which the outcome would be another."""

    reading: str
    text: str


class ShownException(BaseModel):
    """A clerk's exception, with the reason that is kept."""

    code: str
    reason: str
    given_by: str
    given_for: str
    given_at: datetime


class ShownDecision(BaseModel):
    """What a decision rests on: articles, readings, the versions of both regions' policies, a clerk's exception.

    ``waived`` are the reasons that the exception set aside; ``settled_by`` the two clerks who decided by hand.
    """

    articles: tuple[str, ...] = ()
    readings: tuple[ShownReading, ...] = ()
    needs_local_decision: bool = False
    local_questions: tuple[LocalQuestion, ...] = ()
    waived: tuple[ShownReason, ...] = ()
    policies: dict[str, str] = {}
    exception: ShownException | None = None
    settled_by: tuple[str, ...] = ()
    decided_at: datetime | None = None


class ApplicationAnswer(BaseModel):
    """The answer to one application. ``open_rlts_traf_id`` is told only to who may know of that case."""

    outcome: AnsweredOutcome
    rlts_traf_id: str | None = None
    state: CaseState | None = None
    reasons: tuple[ShownReason, ...] = ()
    unknown_sides: tuple[Side, ...] = ()
    unknown: tuple[ShownUnknown, ...] = ()
    decision: ShownDecision | None = None
    open_rlts_traf_id: str | None = None
    acct_disposition: AcctDisposition | None = None
    applied_at: datetime | None = None
    accepted_at: datetime | None = None


class ExceptionGiven(Document):
    """A clerk's reason for departing from a principle of the law: N5-2 lets residents wait for the next year 原则上."""

    code: Literal["A04"]
    reason: Annotated[Text, StringConstraints(min_length=1)]


class TransferRequest(Application):
    """An application as it is lodged; ``exception`` only by a clerk of the inbound with ``transfers:decide``."""

    exception: ExceptionGiven | None = None

    @property
    def application(self) -> Application:
        """What travels to the sides."""
        # Read already, so nothing is read again.
        return Application.model_construct(**{name: getattr(self, name) for name in Application.model_fields})


class ApplicationBatch(Document):
    """Up to 500 applications at once."""

    items: Annotated[tuple[TransferRequest, ...], Field(min_length=1, max_length=500)]


class BatchAnswer(BaseModel):
    """An answer per application, in the order sent."""

    batch_id: str
    items: list[ApplicationAnswer]


def without_case(reasons: list[dict[str, Any]], *, is_not_needed: bool) -> ApplicationAnswer:
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
        unknown=shown_unknown(case),
        decision=shown_decision(case),
        open_rlts_traf_id=open_rlts_traf_id,
        acct_disposition=case.acct_disposition,
        applied_at=case.applied_at,
        accepted_at=case.accepted_at,
    )


def shown_reasons(reasons: list[dict[str, Any]]) -> tuple[ShownReason, ...]:
    """Reasons as people read them."""
    return tuple(ShownReason.model_validate(reason) for reason in reasons)


def shown_unknown(case: Case) -> tuple[ShownUnknown, ...]:
    """What keeps a case in checking; nothing once it is decided."""
    if case.state is not CaseState.CHECKING or case.decision is None:
        return ()
    asked_again_at = case.next_check_at
    told = case.decision.get("unknown", ())
    return tuple(ShownUnknown.model_validate({**each, "asked_again_at": asked_again_at}) for each in told)


def shown_decision(case: Case) -> ShownDecision | None:
    """What the verdict of a case rests on; ``None`` before the first round of questions."""
    return None if case.decision is None else ShownDecision.model_validate(case.decision)


def _outcome(case: Case) -> AnsweredOutcome:
    if case.state is CaseState.CHECKING:
        return AnsweredOutcome.CHECKING
    if case.state is CaseState.REFUSED:
        return AnsweredOutcome.REFUSED
    if case.state is CaseState.WITHDRAWN:
        return AnsweredOutcome.WITHDRAWN
    return AnsweredOutcome.ACCEPTED
