"""Months of the books: whether they are closed, what stands open, who closed and opened them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StringConstraints

from ledger.domain.periods import CHECK_NAMES, CheckCode, CheckItem, Closing, is_closed
from ledger.repository.periods import PeriodEvent
from ledger.schemas.reconciliation import AgeShown
from shared.contracts.model import Document
from shared.money import Fen
from shared.months import YearMonth

_EVENT_NAMES = {"closed": "结账", "reopened": "重开"}

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]


class PeriodClosing(Document):
    """What the clerk has seen of the checklist (codes), and a remark."""

    seen: Annotated[tuple[CheckCode, ...], Field(max_length=len(CheckCode))] = ()
    reason: Reason | None = None


class PeriodReopening(Document):
    """Why a closed month is opened again."""

    reason: Reason


class CheckItemShown(BaseModel):
    """One point of the checklist; a blocking one must be put right, any other that is open must be seen."""

    code: CheckCode
    name: str
    count: int
    amount: Fen | None
    is_blocking: bool
    ages: list[AgeShown]

    @classmethod
    def of(cls, item: CheckItem) -> Self:
        """As it is answered."""
        return cls(
            code=item.code,
            name=CHECK_NAMES[item.code],
            count=item.count,
            amount=item.amount_fen,
            is_blocking=item.is_blocking,
            ages=[AgeShown.of(age) for age in item.ages],
        )


class PointSeen(BaseModel):
    """A point of the checklist that stood open when the month was closed."""

    code: CheckCode
    name: str
    count: int
    amount: Fen | None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """As it is answered."""
        code = CheckCode(kept["code"])
        return cls(code=code, name=CHECK_NAMES[code], count=kept["count"], amount=kept["amount_fen"])


class PeriodEventShown(BaseModel):
    """A closing, with what stood open then, or a reopening."""

    what: str
    what_text: str
    opter_id: str
    occurred_at: datetime
    reason: str | None
    seen: list[PointSeen] = Field(description="结账时检查单上未了的事项，由结账人逐项确认")

    @classmethod
    def of(cls, event: PeriodEvent) -> Self:
        """As it is answered."""
        return cls(
            what=event.what,
            what_text=_EVENT_NAMES[event.what],
            opter_id=event.opter_id,
            occurred_at=event.occurred_at,
            reason=event.reason,
            seen=[PointSeen.of(kept) for kept in event.checklist if kept["count"]],
        )


class PeriodShown(BaseModel):
    """A month of the agency's books."""

    period: YearMonth
    is_closed: bool
    closed_through: date | None
    checklist: list[CheckItemShown]
    history: list[PeriodEventShown]

    @classmethod
    def of(cls, period: str, closing: Closing, checklist: Sequence[CheckItem], events: Sequence[PeriodEvent]) -> Self:
        """As it is answered."""
        return cls(
            period=period,
            is_closed=is_closed(closing, period),
            closed_through=closing.closed_through,
            checklist=[CheckItemShown.of(item) for item in checklist],
            history=[PeriodEventShown.of(event) for event in events],
        )
