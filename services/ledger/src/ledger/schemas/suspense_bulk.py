"""The same step for a selection of suspense items or adjustments, each item answered by itself."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from ledger.domain.line_classes import LineClass
from ledger.schemas.adjustments import AdjustmentDecision
from ledger.schemas.fields import LineId, Reason, RowVersion
from ledger.schemas.suspense import Assignment, Comment
from ledger.use_cases.choose_items import Wanted
from shared.contracts.model import Document
from shared.errors import DomainError
from shared.web.etags import Expected, seen

MAX_ITEMS = 500


class BulkItem(Document):
    """One of the selection, as it was seen."""

    line_id: LineId
    version: RowVersion


class Selection(Document):
    """Which items; each once."""

    items: Annotated[tuple[BulkItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    @field_validator("items")
    @classmethod
    def _names_each_once(cls, items: tuple[BulkItem, ...]) -> tuple[BulkItem, ...]:
        if len({item.line_id for item in items}) < len(items):
            raise ValueError("同一笔流水只能出现一次")
        return items

    def wanted(self) -> list[Wanted]:
        """What the use cases take."""
        return [Wanted(item.line_id, seen(item.version)) for item in self.items]


class BulkAssignment(Selection, Assignment):
    """All of them to one clerk."""

    action: Literal["assign"]


class BulkComment(Selection, Comment):
    """The same note for all."""

    action: Literal["comment"]


class BulkReturn(Selection):
    """All that is left of each goes back to where it came from."""

    action: Literal["return"]
    reason: Reason


class BulkWriteOff(Selection):
    """All that is left of each is proposed for writing off."""

    action: Literal["write_off"]
    reason: Reason


class BulkReclassification(Selection):
    """One class is proposed for all."""

    action: Literal["reclassify"]
    line_class: LineClass
    reason: Reason


BulkWork = Annotated[
    BulkAssignment | BulkComment | BulkReturn | BulkWriteOff | BulkReclassification, Field(discriminator="action")
]


class BulkResult(BaseModel):
    """What became of one item; ``code`` and ``message`` say why it was refused."""

    line_id: str
    is_done: bool
    adjustment_id: UUID | None = Field(default=None, description="等待复核的调整")
    order_id: UUID | None = Field(default=None, description="退回付款方的支付单")
    code: str | None = None
    message: str | None = None


class BulkResults(BaseModel):
    """In the order of the items."""

    items: list[BulkResult]

    @classmethod
    def kept(cls, text: str) -> "BulkResults":
        """As it was answered before."""
        return cls.model_validate_json(text)

    @classmethod
    def of(
        cls,
        wanted: Sequence[Wanted],
        refused: Mapping[int, DomainError],
        *,
        adjustments: Mapping[int, UUID] | None = None,
        orders: Mapping[int, UUID] | None = None,
    ) -> "BulkResults":
        """As it is answered; what was made for items, by line."""
        items = []
        for one in wanted:
            error = refused.get(one.line_id)
            items.append(
                BulkResult(
                    line_id=str(one.line_id),
                    is_done=error is None,
                    adjustment_id=(adjustments or {}).get(one.line_id),
                    order_id=(orders or {}).get(one.line_id),
                    code=None if error is None else error.code,
                    message=None if error is None else error.message,
                )
            )
        return cls(items=items)


class AdjustmentItem(Document):
    """One of the adjustments, as it was seen."""

    adjustment_id: UUID
    version: RowVersion


class AdjustmentDecisions(AdjustmentDecision):
    """One word on many."""

    items: Annotated[tuple[AdjustmentItem, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    @field_validator("items")
    @classmethod
    def _names_each_once(cls, items: tuple[AdjustmentItem, ...]) -> tuple[AdjustmentItem, ...]:
        if len({item.adjustment_id for item in items}) < len(items):
            raise ValueError("同一项调整只能出现一次")
        return items

    def wanted(self) -> list[tuple[UUID, Expected]]:
        """What the use case takes."""
        return [(item.adjustment_id, seen(item.version)) for item in self.items]


class AdjustmentResult(BaseModel):
    """What became of one adjustment."""

    adjustment_id: UUID
    is_done: bool
    code: str | None = None
    message: str | None = None


class AdjustmentResults(BaseModel):
    """In the order of the items."""

    items: list[AdjustmentResult]

    @classmethod
    def of(cls, wanted: Sequence[tuple[UUID, Expected]], refused: Mapping[UUID, DomainError]) -> "AdjustmentResults":
        """As it is answered."""
        items = []
        for adjustment_id, _ in wanted:
            error = refused.get(adjustment_id)
            code, message = (None, None) if error is None else (error.code, error.message)
            items.append(
                AdjustmentResult(adjustment_id=adjustment_id, is_done=error is None, code=code, message=message)
            )
        return cls(items=items)
