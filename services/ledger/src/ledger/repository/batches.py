"""Batches of payment orders, which two people release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository.orders import OrderRow, select_orders
from ledger.tables import payment_batch, payment_batch_item, payment_order


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch; ``version`` changes with whatever is in it."""

    id: UUID
    admdvs: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    version: int


async def add(connection: AsyncConnection, row: BatchRow, orders: Sequence[OrderRow]) -> None:
    """Keep a proposed batch, and put the orders into it."""
    values = {name: getattr(row, name) for name in BatchRow.__dataclass_fields__}
    await connection.execute(insert(payment_batch).values(values))
    items = [{"batch_id": row.id, "order_id": order.id, "amount_fen": order.amount_fen} for order in orders]
    await connection.execute(insert(payment_batch_item), items)
    await connection.execute(
        update(payment_order)
        .where(payment_order.c.id.in_([order.id for order in orders]))
        .values(state="proposed", batch_id=row.id, proposed_by=row.proposed_by, version=payment_order.c.version + 1)
    )


async def lock(connection: AsyncConnection, admdvs: str, batch_id: UUID) -> BatchRow | None:
    """One batch of the agency, locked."""
    query = _batches().where(payment_batch.c.admdvs == admdvs, payment_batch.c.id == batch_id).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else BatchRow(**row._mapping)


async def by_id(connection: AsyncConnection, admdvs: str, batch_id: UUID) -> BatchRow | None:
    """One batch of the agency."""
    query = _batches().where(payment_batch.c.admdvs == admdvs, payment_batch.c.id == batch_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else BatchRow(**row._mapping)


async def orders_in(connection: AsyncConnection, batch_id: UUID) -> list[OrderRow]:
    """What a batch still holds."""
    query = select_orders().where(payment_order.c.batch_id == batch_id).order_by(payment_order.c.id)
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


async def orders_proposed_in(connection: AsyncConnection, batch_id: UUID) -> list[OrderRow]:
    """What a batch held when it was proposed, as it stands now."""
    query = select_orders().join(payment_batch_item, payment_batch_item.c.order_id == payment_order.c.id)
    query = query.where(payment_batch_item.c.batch_id == batch_id).order_by(payment_order.c.id)
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


async def places_in(connection: AsyncConnection, batch_id: UUID) -> dict[UUID, int]:
    """Which of a batch's orders each is, from 0, as ``orders_proposed_in`` shows them."""
    query = select(payment_batch_item.c.order_id).where(payment_batch_item.c.batch_id == batch_id)
    ordered = await connection.scalars(query.order_by(payment_batch_item.c.order_id))
    return {order_id: place for place, order_id in enumerate(ordered)}


async def decide(connection: AsyncConnection, batch_id: UUID, values: dict[str, Any]) -> None:
    """Keep a batch's decision."""
    await connection.execute(
        update(payment_batch)
        .where(payment_batch.c.id == batch_id)
        .values(**values, version=payment_batch.c.version + 1)
    )


async def release(connection: AsyncConnection, batch_id: UUID, *, by: str, now: datetime) -> None:
    """Release what a decided batch holds; the database refuses unless the batch names the same two people."""
    await connection.execute(
        update(payment_order)
        .where(payment_order.c.batch_id == batch_id, payment_order.c.state == "proposed")
        .values(state="released", released_by=by, released_at=now, version=payment_order.c.version + 1)
    )


async def page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    state: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[BatchRow]:
    """The agency's batches, newest first, up to ``limit + 1``."""
    order = (payment_batch.c.proposed_at, payment_batch.c.id)
    query = _batches().where(payment_batch.c.admdvs == admdvs)
    if state is not None:
        query = query.where(payment_batch.c.state == state)
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [BatchRow(**row._mapping) for row in await connection.execute(query)]


def _batches() -> Any:
    return select(*(payment_batch.c[name] for name in BatchRow.__dataclass_fields__))
