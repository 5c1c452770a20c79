"""What clerks send."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from inbound.domain.case import CaseState, DecisionKind
from inbound.domain.decisions import Review, Submission
from shared.contracts.codes import CaseNumber, ReturnCode
from shared.contracts.events.relation import ReturnReason
from shared.contracts.model import Document

MAX_ITEMS = 500
Memo = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Box = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Seen = frozenset[str] | None


class ReasonBody(Document):
    """One reason to return a sheet: code S01 to S06 with the place on the sheet."""

    code: ReturnCode
    row: Annotated[int, Field(ge=1, le=200)] | None = None
    box: Box | None = None
    text: Memo | None = None


class SubmissionBody(Document):
    """经办: accept (with a memo where there are differences), or return with reasons."""

    decision: DecisionKind
    reasons: Annotated[tuple[ReasonBody, ...], Field(max_length=50)] = ()
    memo: Memo | None = None

    def command(self, rlts_traf_id: str, seen: Seen) -> Submission:
        """The command for a case."""
        reasons = tuple(
            ReturnReason(code=each.code, row=each.row, box=each.box, text=each.text) for each in self.reasons
        )
        return Submission(rlts_traf_id, self.decision, seen, reasons, self.memo)


class ReviewBody(Document):
    """复核: approve, or reject with a reason."""

    decision: Literal["approve", "reject"]
    reason: Memo | None = None

    def command(self, rlts_traf_id: str, seen: Seen) -> Review:
        """The command for a case."""
        return Review(rlts_traf_id, self.decision == "approve", seen, self.reason)


class SubmissionItem(SubmissionBody):
    """One of many; ``row_version`` is the case's as it was read (in place of ``If-Match``)."""

    rlts_traf_id: CaseNumber
    row_version: Annotated[int, Field(ge=1, lt=2**31, strict=True)]


class ReviewItem(ReviewBody):
    """One of many; ``row_version`` is the case's as it was read (in place of ``If-Match``)."""

    rlts_traf_id: CaseNumber
    row_version: Annotated[int, Field(ge=1, lt=2**31, strict=True)]


class Submissions(Document):
    """Up to 500 at once."""

    items: Annotated[tuple[SubmissionItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]


class Reviews(Document):
    """Up to 500 at once."""

    items: Annotated[tuple[ReviewItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]


class ItemError(BaseModel):
    """Why an item was refused: the same stable code as the single call's problem."""

    code: str
    message: str


class ItemResult(BaseModel):
    """What came of one item: the new state and row version, or why not."""

    rlts_traf_id: str
    state: CaseState | None = None
    row_version: int | None = None
    error: ItemError | None = None


class ItemResults(BaseModel):
    """A result per item, in the order sent."""

    items: list[ItemResult]
