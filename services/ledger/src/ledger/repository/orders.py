"""Payment orders: what is to be paid or given back, and how far it has come."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import Direction
from ledger.domain.payable import Route
from ledger.repository import refund_references
from ledger.tables import obligation, payment_order, suspense

_MAX_RETURNS = 100
# Whatever the amount: the bank may have kept some of it, or paid more by mistake.
_RETURNS_SHOWN = text(
    f"""
    SELECT o.returns_line_id
    FROM payment_order o
    WHERE o.returns_line_id = ANY(:line_ids) AND {refund_references.of_order("o")} IN (
        SELECT {refund_references.of_line("l")}
        FROM suspense s JOIN statement_line l ON l.id = s.line_id
        WHERE s.admdvs = :admdvs AND s.kind = 'payment' AND s.settled_on IS NULL)
    """  # noqa: S608  # only our own SQL is put in
)
_SET_STATES = text(
    """
    WITH leaving AS (
        SELECT o.id, o.batch_id, s.state AS new_state
        FROM payment_order o
        JOIN unnest(CAST(:ids AS uuid[]), CAST(:states AS text[])) AS s (id, state) ON s.id = o.id
    ), changed AS (
        UPDATE payment_order o SET state = l.new_state, batch_id = NULL, proposed_by = NULL, version = version + 1
        FROM leaving l WHERE o.id = l.id
    )
    UPDATE payment_batch SET version = version + 1
    WHERE id IN (SELECT batch_id FROM leaving) AND state = 'proposed'
    """
)

_OWE_MORE = text(
    """
    UPDATE payment_order p SET amount_fen = m.amount_fen, version = p.version + 1
    FROM unnest(CAST(:ids AS bigint[]), CAST(:amounts AS bigint[])) AS m (obligation_id, amount_fen)
    WHERE p.obligation_id = m.obligation_id AND p.state = 'held'
    """
)
_LAST_WAYS = text(
    """
    SELECT DISTINCT ON (p.rlts_traf_id) p.rlts_traf_id, p.payer_bankacct, p.payee_bankacct, p.payee_acctname,
           p.payee_bankcode
    FROM payment_order p JOIN obligation o ON o.id = p.obligation_id AND o.direction = 'pay'
    WHERE p.admdvs = :admdvs AND p.rlts_traf_id = ANY(:cases)
    ORDER BY p.rlts_traf_id, p.created_at DESC
    """
)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One payment order; amounts in fen. It pays an obligation of a case, or gives ``returns_line_id`` back.

    ``origin``: what the obligation stands on, ``None`` without one. ``return_line_id``: the line as which a returned
    one came back, ``return_reason`` what the bank said of that.
    """

    id: UUID
    admdvs: str
    rlts_traf_id: str | None
    obligation_no: str | None
    returns_line_id: int | None
    end_to_end_id: str
    remittance_note: str
    amount_fen: int
    payer_bankacct: str
    payee_bankacct: str
    payee_acctname: str
    payee_bankcode: str | None
    state: str
    batch_id: UUID | None
    created_at: datetime
    version: int
    obligation_id: int | None
    attempt: int
    reissue_of: UUID | None
    reissue_reason: str | None
    bank_status: str | None
    rejection_code: str | None
    rejection_text: str | None
    rejected_by: str | None
    rejected_at: datetime | None
    origin: str | None
    return_line_id: int | None
    return_reason: str | None


# Correlated with the order alone: queries that join its obligation as well have that for themselves.
_ORIGIN = (
    select(obligation.c.origin)
    .where(obligation.c.id == payment_order.c.obligation_id)
    .correlate(payment_order)
    .scalar_subquery()
)
_CAME_BACK = """
    (SELECT l.{column} FROM statement_line l
     WHERE payment_order.state = 'returned' AND l.id = coalesce(
         (SELECT min(c.line_id) FROM claim c
          WHERE c.order_id = payment_order.id AND c.kind = 'return' AND c.undone_on IS NULL),
         (SELECT min(s.line_id) FROM suspense s WHERE s.returned_order_id = payment_order.id)))
"""
_LOOKED_UP: dict[str, Any] = {
    "origin": _ORIGIN,
    "return_line_id": literal_column(_CAME_BACK.format(column="id"), BigInteger),
    "return_reason": literal_column(_CAME_BACK.format(column="return_reason"), Text),
}
ORDER_COLUMNS = tuple(
    _LOOKED_UP[name].label(name) if name in _LOOKED_UP else payment_order.c[name]
    for name in OrderRow.__dataclass_fields__
)


async def lock_orders(connection: AsyncConnection, admdvs: str, ids: Sequence[UUID]) -> list[OrderRow]:
    """The agency's orders among ``ids``, locked in order."""
    query = select_orders().where(payment_order.c.admdvs == admdvs, payment_order.c.id.in_(ids))
    query = query.order_by(payment_order.c.id).with_for_update()
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


async def lock_by_references(connection: AsyncConnection, admdvs: str, references: Sequence[str]) -> list[OrderRow]:
    """The agency's orders with one of these ``EndToEndId``, locked in order."""
    query = select_orders().where(payment_order.c.admdvs == admdvs, payment_order.c.end_to_end_id.in_(references))
    query = query.order_by(payment_order.c.id).with_for_update()
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


async def order_by_id(connection: AsyncConnection, admdvs: str, order_id: UUID) -> OrderRow | None:
    """One order of the agency."""
    query = select_orders().where(payment_order.c.admdvs == admdvs, payment_order.c.id == order_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else OrderRow(**row._mapping)


async def lock_payments_of_cases(connection: AsyncConnection, admdvs: str, cases: Sequence[str]) -> list[OrderRow]:
    """The agency's orders that pay for these cases, locked in order; not those that give money back."""
    query = select_orders().join(obligation, obligation.c.id == payment_order.c.obligation_id)
    query = query.where(payment_order.c.admdvs == admdvs, payment_order.c.rlts_traf_id.in_(cases))
    query = query.where(obligation.c.direction == Direction.PAY.value)
    query = query.order_by(payment_order.c.id).with_for_update(of=payment_order)
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


async def returns_of_line(connection: AsyncConnection, admdvs: str, line_id: int) -> list[OrderRow]:
    """The agency's orders that give a received line back, newest first, the last hundred."""
    query = select_orders().where(payment_order.c.admdvs == admdvs, payment_order.c.returns_line_id == line_id)
    query = query.order_by(payment_order.c.created_at.desc(), payment_order.c.id).limit(_MAX_RETURNS)
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


async def payable_from(connection: AsyncConnection, admdvs: str, bankacct: str) -> list[UUID]:
    """The agency's orders that would be paid from an account as soon as somebody proposes them."""
    query = select(payment_order.c.id).where(
        payment_order.c.admdvs == admdvs,
        payment_order.c.payer_bankacct == bankacct,
        payment_order.c.state.in_(("ready", "awaiting_funds")),
    )
    return list((await connection.scalars(query.order_by(payment_order.c.id))).all())


async def cases_on_statement(connection: AsyncConnection, admdvs: str, cases: Sequence[str]) -> set[str]:
    """Which cases the bank already shows money going out for that is not explained yet."""
    query = select(suspense.c.rlts_traf_id).where(
        suspense.c.admdvs == admdvs,
        suspense.c.kind == "payment",
        suspense.c.settled_on.is_(None),
        suspense.c.rlts_traf_id.in_(cases),
    )
    return set((await connection.scalars(query)).all())


async def returns_on_statement(connection: AsyncConnection, admdvs: str, line_ids: Sequence[int]) -> set[int]:
    """Which received lines the bank already shows money going back for that no order explains."""
    if not line_ids:
        return set()
    rows = await connection.scalars(_RETURNS_SHOWN, {"admdvs": admdvs, "line_ids": list(line_ids)})
    return set(rows.all())


async def set_states(connection: AsyncConnection, states: dict[UUID, str]) -> None:
    """Set the state of orders that leave whatever batch they stood in; the batch changes version."""
    if states:
        await connection.execute(_SET_STATES, {"ids": list(states), "states": list(states.values())})


async def owe_more(connection: AsyncConnection, amounts: Mapping[int, int]) -> None:
    """The held orders of these obligations move so much instead (fen, by obligation)."""
    if amounts:
        await connection.execute(_OWE_MORE, {"ids": list(amounts), "amounts": list(amounts.values())})


async def last_ways(connection: AsyncConnection, admdvs: str, cases: Collection[str]) -> dict[str, Route]:
    """Whence and whither the last orders went that the agency had for paying cases, by case."""
    rows = await connection.execute(_LAST_WAYS, {"admdvs": admdvs, "cases": sorted(cases)})
    return {
        row.rlts_traf_id: Route(row.payer_bankacct, row.payee_bankacct, row.payee_acctname, row.payee_bankcode)
        for row in rows
    }


async def held_of(connection: AsyncConnection, obligation_ids: Sequence[int]) -> list[UUID]:
    """The held orders of these obligations, locked in order."""
    query = select(payment_order.c.id).where(
        payment_order.c.obligation_id.in_(obligation_ids), payment_order.c.state == "held"
    )
    return list((await connection.scalars(query.order_by(payment_order.c.id).with_for_update())).all())


async def orders_page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    state: str | None,
    rlts_traf_id: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[OrderRow]:
    """The agency's orders, newest first, up to ``limit + 1``."""
    order = (payment_order.c.created_at, payment_order.c.id)
    query = select_orders().where(payment_order.c.admdvs == admdvs)
    if state is not None:
        query = query.where(payment_order.c.state == state)
    if rlts_traf_id is not None:
        query = query.where(payment_order.c.rlts_traf_id == rlts_traf_id)
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [OrderRow(**row._mapping) for row in await connection.execute(query)]


def select_orders() -> Any:
    """Every column of ``OrderRow``, for ``OrderRow(**row._mapping)``."""
    return select(*ORDER_COLUMNS)
