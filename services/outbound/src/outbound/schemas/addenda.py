"""Addenda as clerks send and see them."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from outbound.domain.addendum import Addendum, AddendumAsk, AddendumState
from outbound.schemas.drafts import Reason
from shared.contracts.addendum import AddendumCause
from shared.contracts.model import Document
from shared.money import Fen
from shared.money_cn import MAX_FEN


class AddendumBody(Document):
    """Money that came after sealing."""

    cause: AddendumCause
    reason: Reason
    amount: Annotated[Fen, Field(gt=0, le=MAX_FEN)]

    def ask(self) -> AddendumAsk:
        """The command for a case."""
        return AddendumAsk(self.cause, self.reason, self.amount)


class AddendumReviewBody(Document):
    """复核: approve, or reject with a reason."""

    decision: Literal["approve", "reject"]
    reason: Reason | None = None


class AddendumShown(BaseModel):
    """One addendum and how far it has come."""

    addendum_no: int
    state: AddendumState
    cause: AddendumCause
    reason: str
    amount: Fen
    proposed_by: str
    proposed_name: str
    proposed_at: datetime
    reviewed_by: str | None
    reviewed_name: str | None
    reviewed_at: datetime | None
    review_reason: str | None
    refusal: str | None

    @classmethod
    def of(cls, addendum: Addendum) -> "AddendumShown":
        """The answer for one addendum."""
        return cls(
            **{each.name: getattr(addendum, each.name) for each in fields(addendum) if each.name in cls.model_fields}
        )
