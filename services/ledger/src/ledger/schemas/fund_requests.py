"""用款申请."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from ledger.domain.fund_requests import FundRequestState
from ledger.repository.fund_requests import FundRequestRow
from ledger.repository.orders import OrderRow
from ledger.schemas.chosen_orders import ChosenOrder, ChosenOrders
from ledger.schemas.fields import LineId, Reason
from ledger.schemas.payments import OrderShown
from shared.contracts.model import Document
from shared.money import Fen


class NewFundRequest(ChosenOrders):
    """Orders that wait for funds, all paid from one account."""

    orders: Annotated[tuple[ChosenOrder, ...], Field(min_length=1, max_length=5000)]


class FundDecision(Document):
    """The second person's word."""

    decision: Literal["approve", "reject"]
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_why(self) -> "FundDecision":
        if self.decision == "reject" and self.reason is None:
            raise ValueError("退回须说明原因")
        return self


class Allotment(Document):
    """The bank line that answers a request."""

    line_id: LineId


class FundRequestLine(BaseModel):
    """One request in the list."""

    id: UUID
    bankacct: str = Field(description="待拨入的支出户")
    amount: Fen
    state: FundRequestState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    withdrawn_by: str | None = Field(description="复核之后，由谁因财政未拨或少拨而撤回")
    withdrawn_at: datetime | None
    reason: str | None
    line_id: str | None = Field(description="拨款的流水")
    funded_on: date | None
    version: int

    @classmethod
    def of(cls, row: FundRequestRow) -> "FundRequestLine":
        """As it is answered."""
        return cls(**_shown(row))


class FundRequestShown(FundRequestLine):
    """One request with its orders as they stand now."""

    orders: list[OrderShown]

    @classmethod
    def with_orders(cls, row: FundRequestRow, orders: list[OrderRow]) -> "FundRequestShown":
        """As it is answered."""
        return cls(**_shown(row), orders=[OrderShown.of(order) for order in orders])


def _shown(row: FundRequestRow) -> dict[str, object]:
    values = {name: getattr(row, name) for name in FundRequestLine.model_fields if hasattr(row, name)}
    line_id = None if row.line_id is None else str(row.line_id)
    return values | {"amount": row.amount_fen, "line_id": line_id}
