"""Fund requests, what they ask for, and the allotments that answer them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository.left import present_class, restated
from ledger.repository.orders import ORDER_COLUMNS, OrderRow
from ledger.tables import bank_account, fund_request, fund_request_item, payment_order

# An allotment answers a request by itself only where amount and account leave one of each, and it came after it was
# asked for: on a shared account the treasury fills all the agency's business.
_FUND = text(
    f"""
    WITH line AS (
        SELECT l.id, l.bank_account_id, l.amount_fen, l.booked_on
        FROM statement_line l
        WHERE l.file_id = :file_id AND l.line_class = 'treasury_allotment' AND l.direction = 'C'
          AND NOT {restated("l.id")}
    ), pair AS (
        SELECT r.id, line.id AS line_id, line.booked_on, count(*) OVER (PARTITION BY r.id) AS per_request,
               count(*) OVER (PARTITION BY line.id) AS per_line
        FROM line
        JOIN fund_request r ON r.bank_account_id = line.bank_account_id AND r.amount_fen = line.amount_fen
         AND CAST(r.proposed_at AT TIME ZONE 'Asia/Shanghai' AS date) <= line.booked_on
        WHERE r.admdvs = :admdvs AND r.state = 'approved'
    )
    UPDATE fund_request r SET state = 'funded', line_id = p.line_id, funded_on = p.booked_on, version = version + 1
    FROM pair p WHERE p.id = r.id AND r.state = 'approved' AND p.per_request = 1 AND p.per_line = 1
    RETURNING r.id
    """  # noqa: S608  # only our own SQL is put in
)
_FUND_BY_LINE = text(
    f"""
    UPDATE fund_request r SET state = 'funded', line_id = l.id, funded_on = l.booked_on, version = version + 1
    FROM statement_line l
    WHERE r.id = :request_id AND r.state = 'approved' AND l.id = :line_id AND l.admdvs = r.admdvs
      AND l.bank_account_id = r.bank_account_id AND l.direction = 'C'
      AND {present_class("l")} = 'treasury_allotment'
      AND r.amount_fen + (SELECT coalesce(sum(f.amount_fen), 0) FROM fund_request f WHERE f.line_id = l.id)
          <= l.amount_fen
      AND NOT {restated("l.id")}
    RETURNING r.id
    """  # noqa: S608  # only our own SQL is put in
)


@dataclass(frozen=True, slots=True)
class FundRequestRow:
    """One request; amounts in fen."""

    id: UUID
    admdvs: str
    bankacct: str
    amount_fen: int
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    reason: str | None
    line_id: int | None
    funded_on: date | None
    version: int


async def requested(connection: AsyncConnection, order_ids: Sequence[UUID]) -> set[UUID]:
    """Which of the orders stand in a request that has not ended without money."""
    query = (
        select(fund_request_item.c.order_id)
        .select_from(fund_request_item.join(fund_request))
        .where(fund_request_item.c.order_id.in_(order_ids), fund_request.c.state.not_in(("rejected", "withdrawn")))
    )
    return set((await connection.scalars(query)).all())


async def add(
    connection: AsyncConnection, request_id: UUID, bank_account_id: int, orders: Sequence[OrderRow], **by: Any
) -> None:
    """Keep a proposed request over orders of one account."""
    amount = sum(order.amount_fen for order in orders)
    values = {"id": request_id, "admdvs": orders[0].admdvs, "bank_account_id": bank_account_id, "amount_fen": amount}
    await connection.execute(insert(fund_request).values(**values, state="proposed", **by))
    items = [{"request_id": request_id, "order_id": order.id, "amount_fen": order.amount_fen} for order in orders]
    await connection.execute(insert(fund_request_item), items)


async def lock(connection: AsyncConnection, admdvs: str, request_id: UUID) -> FundRequestRow | None:
    """One request of the agency, locked."""
    query = _select().where(fund_request.c.admdvs == admdvs, fund_request.c.id == request_id)
    row = (await connection.execute(query.with_for_update(of=fund_request))).one_or_none()
    return None if row is None else FundRequestRow(**row._mapping)


async def by_id(connection: AsyncConnection, admdvs: str, request_id: UUID) -> FundRequestRow | None:
    """One request of the agency."""
    query = _select().where(fund_request.c.admdvs == admdvs, fund_request.c.id == request_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else FundRequestRow(**row._mapping)


async def decide(connection: AsyncConnection, request_id: UUID, **values: Any) -> None:
    """Keep the second person's word, or that it is withdrawn."""
    await connection.execute(
        update(fund_request).where(fund_request.c.id == request_id).values(**values, version=fund_request.c.version + 1)
    )


async def fund_by_file(connection: AsyncConnection, admdvs: str, file_id: UUID) -> list[UUID]:
    """Note which requests a file's allotments answer."""
    return list((await connection.scalars(_FUND, {"admdvs": admdvs, "file_id": file_id})).all())


async def fund_by_line(connection: AsyncConnection, request_id: UUID, line_id: int) -> bool:
    """Note that a line answers a request; false where it is not its allotment."""
    return await connection.scalar(_FUND_BY_LINE, {"request_id": request_id, "line_id": line_id}) is not None


async def unfund(connection: AsyncConnection, line_ids: Sequence[int]) -> list[UUID]:
    """Let the requests that these lines had answered wait again; which they are."""
    changed = update(fund_request).where(fund_request.c.line_id.in_(line_ids))
    changed = changed.values(state="approved", line_id=None, funded_on=None, version=fund_request.c.version + 1)
    return list((await connection.scalars(changed.returning(fund_request.c.id))).all())


async def orders_of(connection: AsyncConnection, request_ids: Sequence[UUID]) -> list[UUID]:
    """The orders that requests ask funds for."""
    query = select(fund_request_item.c.order_id).where(fund_request_item.c.request_id.in_(request_ids))
    return list((await connection.scalars(query.order_by(fund_request_item.c.order_id))).all())


async def items(connection: AsyncConnection, request_id: UUID) -> list[OrderRow]:
    """The orders of a request, as they stand now."""
    query = select(*ORDER_COLUMNS).join(fund_request_item, fund_request_item.c.order_id == payment_order.c.id)
    query = query.where(fund_request_item.c.request_id == request_id).order_by(payment_order.c.id)
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


async def page(
    connection: AsyncConnection, admdvs: str, *, state: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[FundRequestRow]:
    """The agency's requests, newest first, up to ``limit + 1``."""
    order = (fund_request.c.proposed_at, fund_request.c.id)
    query = _select().where(fund_request.c.admdvs == admdvs)
    if state is not None:
        query = query.where(fund_request.c.state == state)
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [FundRequestRow(**row._mapping) for row in await connection.execute(query)]


def _select() -> Any:
    own = [fund_request.c[name] for name in FundRequestRow.__dataclass_fields__ if name != "bankacct"]
    joined = fund_request.join(bank_account)
    return select(*own, bank_account.c.bankacct).select_from(joined)
