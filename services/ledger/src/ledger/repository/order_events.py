"""The history of payment orders that the bank refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.rejections import OrderStep
from ledger.tables import order_event


@dataclass(frozen=True, slots=True)
class NewOrderEvent:
    """A step to be kept."""

    order_id: UUID
    what: OrderStep
    reason: str | None


@dataclass(frozen=True, slots=True)
class OrderEventRow:
    """One step as it is kept: when (UTC), by whom, what, and why."""

    at: datetime
    by: str
    what: str
    reason: str | None


async def add(connection: AsyncConnection, events: Sequence[NewOrderEvent], *, by: str, now: datetime) -> None:
    """Keep steps of orders; the caller holds the agency's matching lock."""
    if events:
        rows = [
            {"order_id": one.order_id, "what": one.what.value, "reason": one.reason, "by": by, "at": now}
            for one in events
        ]
        await connection.execute(insert(order_event), rows)


async def of_order(connection: AsyncConnection, order_id: UUID) -> list[OrderEventRow]:
    """The steps of an order, oldest first; a handful."""
    columns = [order_event.c[name] for name in OrderEventRow.__dataclass_fields__]
    query = select(*columns).where(order_event.c.order_id == order_id).order_by(order_event.c.id)
    return [OrderEventRow(**row._mapping) for row in await connection.execute(query)]
