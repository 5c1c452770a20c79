"""Clerks' commands, one at a time and in bulk."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from outbound.domain.case import CaseState
from outbound.domain.command import Result
from outbound.schemas.drafts import Reason
from shared.contracts.codes import CaseNumber, CorrectionKind
from shared.contracts.model import Document
from shared.money import NonNegativeFen

MAX_ITEMS = 500
RowVersion = Annotated[int, Field(ge=1, lt=2**31, strict=True)]


class Review(Document):
    """复核: approve, or reject with a reason."""

    decision: Literal["approve", "reject"]
    reason: Reason | None = None


class PaymentHold(Document):
    """Hold the payment, or lift the hold, with a reason."""

    is_held: Annotated[bool, Field(strict=True)]
    reason: Reason


class CorrectionBody(Document):
    """Correct the sheet of an ended case: why, and the amount that it has to state where that changes."""

    kind: CorrectionKind
    reason: Reason
    amount: NonNegativeFen | None = None


class Abandonment(Document):
    """Give a correction up that was not sealed yet."""

    reason: Reason


class Recall(Document):
    """Recall an accepted sheet that was sealed in error: why."""

    reason: Reason


class SubmissionItem(Document):
    """One case of a bulk submission; ``row_version`` is the one that was read (in place of ``If-Match``)."""

    rlts_traf_id: CaseNumber
    row_version: RowVersion


class BulkSubmission(Document):
    """Up to 500 submissions."""

    items: Annotated[tuple[SubmissionItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]


class ReviewItem(Review):
    """One case of a bulk review."""

    rlts_traf_id: CaseNumber
    row_version: RowVersion


class BulkReview(Document):
    """Up to 500 reviews."""

    items: Annotated[tuple[ReviewItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]


class ItemError(BaseModel):
    """One thing wrong with one field."""

    pointer: str
    code: str
    message: str


class ItemProblem(BaseModel):
    """Why one item was refused."""

    code: str
    message: str
    errors: list[ItemError]


class ItemResult(BaseModel):
    """What became of one item: the new state and version, or the problem."""

    rlts_traf_id: str
    state: CaseState | None = None
    row_version: int | None = None
    problem: ItemProblem | None = None

    @classmethod
    def of(cls, result: Result) -> "ItemResult":
        """The answer for one result."""
        if result.case is not None:
            return cls(rlts_traf_id=result.rlts_traf_id, state=result.case.state, row_version=result.case.row_version)
        error = result.error
        if error is None:
            return cls(rlts_traf_id=result.rlts_traf_id)
        errors = [ItemError(pointer=each.pointer, code=each.code, message=each.message) for each in error.errors]
        problem = ItemProblem(code=error.code, message=error.message, errors=errors)
        return cls(rlts_traf_id=result.rlts_traf_id, problem=problem)


class BulkResult(BaseModel):
    """A result per item, in the order given."""

    items: list[ItemResult]
