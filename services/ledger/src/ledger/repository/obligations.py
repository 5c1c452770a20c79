"""What is owed, and the orders that pay it."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, func, insert, select, text, true, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, Obligation, ObligationState
from ledger.domain.orders import UNRELEASED
from ledger.repository.order_states import listed
from ledger.tables import obligation, payment_hold, payment_order
from shared.database.rowset import ROWS, insert_rows

Key = tuple[str, str, str]
"""Agency, side, case."""

_CANCEL = text(
    f"""
    WITH cancelled AS (
        UPDATE obligation SET state = 'cancelled', settled_on = :day
        WHERE id = ANY(:ids) AND state IN ('open', 'returned') RETURNING id
    ), orders AS (
        UPDATE payment_order o SET state = 'cancelled', version = version + 1
        FROM cancelled c
        WHERE o.obligation_id = c.id AND o.state IN {listed(UNRELEASED)}
        RETURNING o.batch_id
    )
    UPDATE payment_batch SET version = version + 1
    WHERE id IN (SELECT batch_id FROM orders) AND state = 'proposed'
    """  # noqa: S608  # only our own SQL is put in
)
_REFRESH = text(
    f"""
    WITH known AS (
        SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:versions AS integer[]), CAST(:digests AS text[]),
                             CAST(:names AS text[]), CAST(:match_names AS text[]), CAST(:notes AS text[]))
        AS k (id, sheet_version, sheet_digest, psn_name, match_name, note)
    ), renewed AS (
        UPDATE obligation o
        SET sheet_version = k.sheet_version, sheet_digest = k.sheet_digest, psn_name = k.psn_name,
            match_name = k.match_name
        FROM known k WHERE o.id = k.id RETURNING o.id
    ), rewritten AS (
        UPDATE payment_order p SET remittance_note = k.note, match_name = k.match_name, version = version + 1
        FROM known k
        WHERE p.obligation_id = k.id AND p.state IN {listed(UNRELEASED)}
          AND p.remittance_note <> k.note
        RETURNING p.batch_id
    )
    UPDATE payment_batch SET version = version + 1
    WHERE id IN (SELECT batch_id FROM rewritten) AND state = 'proposed'
    """  # noqa: S608  # only our own SQL is put in
)


async def of_cases(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, list[Obligation]]:
    """By each of these keys every obligation, oldest first, their orders locked against release."""
    wanted = sorted(set(keys))
    await connection.execute(
        select(payment_order.c.id)
        .where(tuple_(payment_order.c.admdvs, payment_order.c.rlts_traf_id).in_({(a, c) for a, _, c in wanted}))
        .order_by(payment_order.c.id)
        .with_for_update()
    )
    query = _select().where(tuple_(obligation.c.admdvs, obligation.c.side, obligation.c.rlts_traf_id).in_(wanted))
    found: dict[Key, list[Obligation]] = {key: [] for key in wanted}
    for row in await connection.execute(query.order_by(obligation.c.id)):
        found[row.admdvs, row.side, row.rlts_traf_id].append(Obligation(**row._mapping))
    return found


async def key_of(connection: AsyncConnection, obligation_id: int) -> Key:
    """Agency, side and case of an obligation that is there."""
    columns = (obligation.c.admdvs, obligation.c.side, obligation.c.rlts_traf_id)
    row = (await connection.execute(select(*columns).where(obligation.c.id == obligation_id))).one()
    return row[0], row[1], row[2]


async def add(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str, str, str], int]:
    """Keep new obligations, all with the same columns; their ids by agency, side, case and number."""
    if not rows:
        return {}
    added = await connection.execute(_insert_of(tuple(rows[0])), {ROWS: list(rows)})
    return {(row[1], row[2], row[3], row[4]): row[0] for row in added}


@cache
def _insert_of(names: tuple[str, ...]) -> Any:
    o = obligation.c
    return insert_rows(obligation, names).returning(o.id, o.admdvs, o.side, o.rlts_traf_id, o.obligation_no)


async def cancel(connection: AsyncConnection, ids: Sequence[int], *, day: date) -> None:
    """Cancel obligations whose money was not released, and their orders; a batch that held one changes version."""
    if ids:
        await connection.execute(_CANCEL, {"ids": list(ids), "day": day})


async def refresh(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """A newer sheet version confirms obligations: take its version, digest, name and note."""
    if rows:
        names = ("id", "sheet_version", "sheet_digest", "psn_name", "match_name", "note")
        keys = ("ids", "versions", "digests", "names", "match_names", "notes")
        await connection.execute(
            _REFRESH, {key: [row[name] for row in rows] for key, name in zip(keys, names, strict=True)}
        )


async def add_orders(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep new payment orders."""
    if rows:
        await connection.execute(insert(payment_order), list(rows))


async def held_cases(connection: AsyncConnection, cases: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of (agency, case) are held by a clerk."""
    columns = (payment_hold.c.admdvs, payment_hold.c.rlts_traf_id)
    query = select(*columns).where(payment_hold.c.is_held, tuple_(*columns).in_(sorted(set(cases))))
    return {(row[0], row[1]) for row in await connection.execute(query)}


async def list_page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    side: str | None,
    state: str | None,
    rlts_traf_id: str | None,
    after: int | None,
    limit: int,
) -> list[Obligation]:
    """An agency's obligations, newest first, up to ``limit + 1``."""
    order_by = obligation.c.id.desc()
    if rlts_traf_id is not None:
        wanted = {"admdvs": admdvs, "rlts_traf_id": rlts_traf_id, "side": side, "state": state}
        query = _select().where(*(obligation.c[name] == value for name, value in wanted.items() if value is not None))
        query = query if after is None else query.where(obligation.c.id < after)
    else:
        page = _newest(admdvs, side, state, after, limit + 1).subquery()
        query = _select().where(obligation.c.id.in_(select(page.c.id)))
    return [Obligation(**row._mapping) for row in await connection.execute(query.order_by(order_by).limit(limit + 1))]


def _newest(admdvs: str, side: str | None, state: str | None, after: int | None, limit: int) -> Any:
    """The ids of a page: the newest of each side and state, so that an index has the order."""
    sides = _each("side", [side] if side else list(BookSide))
    states = _each("state", [state] if state else list(ObligationState))
    one = select(obligation.c.id).where(
        obligation.c.admdvs == admdvs, obligation.c.side == sides.c.side, obligation.c.state == states.c.state
    )
    one = one if after is None else one.where(obligation.c.id < after)
    each = one.order_by(obligation.c.id.desc()).limit(limit).lateral()
    return (
        select(each.c.id)
        .select_from(sides.join(states, true()).join(each, true()))
        .order_by(each.c.id.desc())
        .limit(limit)
    )


def _each(name: str, values: Sequence[str]) -> Any:
    array = bindparam(f"{name}s", list(values), ARRAY(Text))
    return func.unnest(array).table_valued(name).render_derived()


async def hold(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the latest word on holding payments of cases."""
    statement = upsert(payment_hold)
    changed = {name: statement.excluded[name] for name in ("is_held", "reason", "changed_at")}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["admdvs", "rlts_traf_id"], set_=changed), list(rows)
    )


def _select() -> Any:
    columns = [obligation.c[name] for name in Obligation.__dataclass_fields__ if name != "order_state"]
    order_state = (
        select(payment_order.c.state)
        .where(payment_order.c.obligation_id == obligation.c.id, payment_order.c.state != "cancelled")
        .order_by(payment_order.c.attempt.desc())
        .limit(1)
        .scalar_subquery()
        .label("order_state")
    )
    return select(*columns, order_state)
