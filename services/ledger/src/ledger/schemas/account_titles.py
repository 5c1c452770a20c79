"""The chart of accounts."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from ledger.domain.titles import Side, Title
from ledger.repository.account_titles import TitleRow
from shared.contracts.model import Document


class TitleChange(Document):
    """What operators set; an empty code where the chart in force has none."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    official_code: Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{0,20}$")] = ""


class TitleShown(BaseModel):
    """One title; its official code stands in accounts, trial balances and vouchers."""

    title: Title
    name: str
    normal_side: Side
    official_code: str
    version: int
    updated_at: datetime | None
    updated_by: str | None

    @classmethod
    def of(cls, row: TitleRow) -> Self:
        """As it is answered."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
