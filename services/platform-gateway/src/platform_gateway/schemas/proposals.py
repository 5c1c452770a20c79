"""Proposals as they are sent and shown."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from platform_gateway.domain.proposals import ProposalKind, ProposalState
from shared.contracts.application import Text
from shared.contracts.codes import MoneyPath, TerminationCause
from shared.contracts.model import Document
from shared.contracts.reasons import REASONS

Because = Annotated[Text, StringConstraints(min_length=1)]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^A[0-9]{2}$")]


class Termination(Document):
    """The case ends after its sheet was issued: why, and what becomes of the money."""

    kind: Literal["termination"]
    cause: TerminationCause
    reason: Because
    money_path: MoneyPath


class Settlement(Document):
    """The verdict on a case that a side does not answer; a refusal names the reasons' codes."""

    kind: Literal["settlement"]
    outcome: Literal["accepted", "refused"]
    reason: Because
    codes: Annotated[tuple[ReasonCode, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _say_what_against(self) -> "Settlement":
        if (self.outcome == "refused") != bool(self.codes):
            raise ValueError("不予受理须列出原因代码，受理不列原因代码")
        if not set(self.codes) <= REASONS.keys():
            raise ValueError("原因代码不在原因目录中")
        return self


Proposed = Annotated[Termination | Settlement, Field(discriminator="kind")]


class ProposalShown(BaseModel):
    """A proposal with what became of it."""

    model_config = ConfigDict(from_attributes=True)

    proposal_id: UUID
    kind: ProposalKind
    content: dict[str, Any]
    state: ProposalState
    proposed_by: str
    proposed_for: str
    proposed_at: datetime
    decided_by: str | None
    decided_for: str | None
    decided_at: datetime | None
