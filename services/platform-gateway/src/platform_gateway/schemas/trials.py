"""试算 of eligibility: the application, what both sides would tell, a day; the explained decision."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from platform_gateway.schemas.applications import (
    AnsweredOutcome,
    ShownDecision,
    ShownReason,
    ShownUnknown,
    TransferRequest,
)
from shared.contracts.facts import SideFacts
from shared.contracts.model import Document

Instant = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]


class TriedFacts(SideFacts):
    """What a side would tell; ``facts_as_of`` left out means as of the trial's instant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    facts_as_of: Instant | None = None


class TriedCaller(Document):
    """Who would lodge it, as a token says: a window of an agency, an employer, a person; left out: a channel."""

    admdvs: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    optins_no: Annotated[str, Field(max_length=40)] | None = None
    emp_no: Annotated[str, Field(max_length=40)] | None = None
    certno: Annotated[str, Field(max_length=50)] | None = None
    may_except: bool = False


class EligibilityTrial(Document):
    """``outbound`` and ``inbound`` left out: that side has not answered. ``at`` left out: now.

    ``policy`` is a region's policy file as JSON, tried in place of the one in force.
    """

    application: TransferRequest
    outbound: TriedFacts | None = None
    inbound: TriedFacts | None = None
    at: Instant | None = None
    caller: TriedCaller = TriedCaller()
    has_open_case: bool = False
    policy: dict[str, Any] | None = None


class EligibilityTried(BaseModel):
    """What would be answered, and what it rests on."""

    outcome: AnsweredOutcome
    at: datetime
    reasons: tuple[ShownReason, ...]
    unknown: tuple[ShownUnknown, ...] = ()
    decision: ShownDecision
