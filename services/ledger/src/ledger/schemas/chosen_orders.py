"""Payment orders put together by a clerk, each as it was seen."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from ledger.use_cases.choose_orders import WantedOrder
from shared.contracts.model import Document
from shared.web.etags import seen


class ChosenOrder(Document):
    """One of the selection, as it was seen."""

    order_id: UUID
    version: Annotated[int, Field(ge=1, lt=2**31, description="读取时的 version")]


class ChosenOrders(Document):
    """Which orders; each once."""

    orders: tuple[ChosenOrder, ...]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({one.order_id for one in self.orders}) < len(self.orders):
            raise ValueError("支付单不得重复")
        return self

    def wanted(self) -> list[WantedOrder]:
        """What the use cases take."""
        return [WantedOrder(one.order_id, seen(one.version)) for one in self.orders]
