"""Payment orders put together by a clerk, each as it was seen."""

from typing import Self
from uuid import UUID

from pydantic import model_validator

from ledger.schemas.fields import RowVersion
from ledger.use_cases.choose_orders import WantedOrder
from shared.contracts.model import Document
from shared.web.etags import seen


class ChosenOrder(Document):
    """One of the selection, as it was seen."""

    order_id: UUID
    version: RowVersion


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
