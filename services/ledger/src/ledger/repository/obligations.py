"""What is owed, and the orders that pay it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, func, insert, select, text, true, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, ObligationState
from ledger.tables import obligation, payment_hold, payment_order
from shared.database.rowset import ROWS, insert_rows

Key = tuple[str, str, str]
"""Agency, side, case."""

_CANCEL = text(
    """
    WITH cancelled AS (
        UPDATE obligation SET state = 'cancelled', settled_on = :day
        WHERE id = ANY(:ids) AND state IN ('open', 'returned') RETURNING id
    ), orders AS (
        UPDATE payment_order o SET state = 'cancelled', version = version + 1
        FROM cancelled c
        WHERE o.obligation_id = c.id AND o.state IN ('ready', 'held', 'awaiting_funds', 'proposed')
        RETURNING o.batch_id
    )
    UPDATE payment_batch SET version = version + 1
    WHERE id IN (SELECT batch_id FROM orders) AND state = 'proposed'
    """
)
_REFRESH = text(
    """
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
        WHERE p.obligation_id = k.id AND p.state IN ('ready', 'held', 'awaiting_funds', 'proposed')
          AND p.remittance_note <> k.note
        RETURNING p.batch_id
    )
    UPDATE payment_batch SET version = version + 1
    WHERE id IN (SELECT batch_id FROM rewritten) AND state = 'proposed'
    """
)
_CREDIT = text(
    """
    WITH told AS (
        SELECT * FROM unnest(CAST(:admdvs AS text[]), CAST(:cases AS text[]), CAST(:numbers AS text[]),
                             CAST(:days AS date[]), CAST(:amounts AS bigint[]), CAST(:refs AS text[]))
        AS t (admdvs, rlts_traf_id, obligation_no, credited_on, credited_fen, core_ref)
    ), locked AS (
        SELECT o.id, t.credited_on, t.credited_fen, t.core_ref
        FROM obligation o JOIN told t USING (admdvs, rlts_traf_id, obligation_no)
        WHERE o.side = 'payee' ORDER BY o.id FOR UPDATE OF o
    )
    UPDATE obligation o
    SET credited_on = l.credited_on, credited_fen = l.credited_fen, core_ref = l.core_ref,
        state = CASE o.state WHEN 'matched' THEN 'credited' ELSE o.state END
    FROM locked l WHERE o.id = l.id
    """
)
# A version or an end that came before the core had answered has cancelled the return that was meant, and counts what
# it would have moved: then the last one gives it back.
_GIVE_FREE = text(
    """
    WITH told AS (
        SELECT * FROM unnest(CAST(:admdvs AS text[]), CAST(:cases AS text[]), CAST(:numbers AS text[]),
                             CAST(:amounts AS bigint[]))
        AS t (admdvs, rlts_traf_id, obligation_no, amount_fen)
    ), meant AS (
        SELECT CASE o.state WHEN 'cancelled' THEN (
                   SELECT max(n.id) FROM obligation n
                   WHERE n.admdvs = o.admdvs AND n.rlts_traf_id = o.rlts_traf_id AND n.side = 'payee'
                     AND n.reason <> 'addendum')
               ELSE o.id END AS id, t.amount_fen
        FROM told t JOIN obligation o USING (admdvs, rlts_traf_id, obligation_no)
        WHERE o.side = 'payee'
    )
    UPDATE obligation o
    SET released_fen = o.released_fen + m.amount_fen
    FROM meant m
    WHERE o.id = m.id AND o.direction = 'return' AND o.released_fen + m.amount_fen <= o.due_fen
    RETURNING o.id, o.released_fen = o.due_fen AS is_free
    """
)


@dataclass(frozen=True, slots=True)
class Free:
    """Money (fen) that ``admdvs`` owes back under a number of a case, and that stands in nobody's account any more."""

    admdvs: str
    rlts_traf_id: str
    obligation_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What the core of ``admdvs`` has credited for an obligation; ``credited_fen`` in fen."""

    admdvs: str
    rlts_traf_id: str
    obligation_no: str
    credited_on: date
    credited_fen: int
    core_ref: str | None


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One obligation with the state of its order, if it has one."""

    id: int
    admdvs: str
    side: str
    rlts_traf_id: str
    obligation_no: str
    sheet_version: int
    reason: str
    trafout_admdvs: str
    trafin_admdvs: str
    psn_name: str
    amount_fen: int
    direction: str
    due_fen: int
    claimed_fen: int
    payer_bankacct: str
    payee_bankacct: str
    state: str
    known_on: date
    settled_on: date | None
    credited_on: date | None
    credited_fen: int | None
    origin: str
    way_back: dict[str, Any] | None
    is_doubtful: bool
    released_fen: int
    order_state: str | None


async def of_cases(connection: AsyncConnection, keys: Iterable[Key]) -> list[ObligationRow]:
    """Every obligation of these cases, oldest first, their orders locked against release."""
    wanted = sorted(set(keys))
    await connection.execute(
        select(payment_order.c.id)
        .where(tuple_(payment_order.c.admdvs, payment_order.c.rlts_traf_id).in_({(a, c) for a, _, c in wanted}))
        .order_by(payment_order.c.id)
        .with_for_update()
    )
    query = _select().where(tuple_(obligation.c.admdvs, obligation.c.side, obligation.c.rlts_traf_id).in_(wanted))
    return [ObligationRow(**row._mapping) for row in await connection.execute(query.order_by(obligation.c.id))]


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


async def credit(connection: AsyncConnection, told: Sequence[Credit]) -> int:
    """Note what the core has credited; how many of the obligations there are."""
    columns = {
        "admdvs": [each.admdvs for each in told],
        "cases": [each.rlts_traf_id for each in told],
        "numbers": [each.obligation_no for each in told],
        "days": [each.credited_on for each in told],
        "amounts": [each.credited_fen for each in told],
        "refs": [each.core_ref for each in told],
    }
    return (await connection.execute(_CREDIT, columns)).rowcount


async def give_free(connection: AsyncConnection, told: Sequence[Free]) -> dict[int, bool]:
    """Note what may go back; the returns meant, and whether all of each may. One that owes less is not among them."""
    columns = {
        "admdvs": [each.admdvs for each in told],
        "cases": [each.rlts_traf_id for each in told],
        "numbers": [each.obligation_no for each in told],
        "amounts": [each.amount_fen for each in told],
    }
    return {row.id: row.is_free for row in await connection.execute(_GIVE_FREE, columns)}


async def list_page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    side: str | None,
    state: str | None,
    rlts_traf_id: str | None,
    after: int | None,
    limit: int,
) -> list[ObligationRow]:
    """An agency's obligations, newest first, up to ``limit + 1``."""
    order_by = obligation.c.id.desc()
    if rlts_traf_id is not None:
        wanted = {"admdvs": admdvs, "rlts_traf_id": rlts_traf_id, "side": side, "state": state}
        query = _select().where(*(obligation.c[name] == value for name, value in wanted.items() if value is not None))
        query = query if after is None else query.where(obligation.c.id < after)
    else:
        page = _newest(admdvs, side, state, after, limit + 1).subquery()
        query = _select().where(obligation.c.id.in_(select(page.c.id)))
    return [
        ObligationRow(**row._mapping) for row in await connection.execute(query.order_by(order_by).limit(limit + 1))
    ]


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
    columns = [obligation.c[name] for name in ObligationRow.__dataclass_fields__ if name != "order_state"]
    order_state = (
        select(payment_order.c.state)
        .where(payment_order.c.obligation_id == obligation.c.id, payment_order.c.state != "cancelled")
        .order_by(payment_order.c.attempt.desc())
        .limit(1)
        .scalar_subquery()
        .label("order_state")
    )
    return select(*columns, order_state)
