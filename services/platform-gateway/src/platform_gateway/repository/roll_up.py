"""Counts cases anew and moves the sums by the difference: one statement for any number of cases.

What a case counts as is worked out from its history, clocks and facts, taken off as it was counted before and added as
it is now; so a late fact, a case marked twice or a run broken off leave the sums right.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, Text, bindparam, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import AMOUNTS, FLOWS, OUTSTANDING
from platform_gateway.tables import statistic_due

_LOCK = text("SELECT pg_try_advisory_xact_lock(7310390)")
# What a batch is summed up in: nothing of it goes to disk on the way.
_MEMORY = text("SELECT set_config('work_mem', '64MB', true)")

MARK = insert(statistic_due).from_select(
    ("rlts_traf_id", "marked_at"),
    select(func.unnest(bindparam("ids", type_=ARRAY(Text))), bindparam("now", type_=DateTime(timezone=True))),
    include_defaults=False,
)
"""Says that the cases ``ids`` are to be counted anew."""

# Neighbours together: what is counted in one batch then goes to few sums.
_MARK_ALL = text(
    "INSERT INTO statistic_due (rlts_traf_id, marked_at) SELECT rlts_traf_id, :now FROM transfer_case"
    " ORDER BY trafout_admdvs, trafin_admdvs"
)
_TAKE = text(
    "DELETE FROM statistic_due WHERE due_no IN (SELECT due_no FROM statistic_due ORDER BY due_no LIMIT :limit)"
    " RETURNING rlts_traf_id"
)

_ENTRIES = """
    chosen AS MATERIALIZED (
        SELECT c.rlts_traf_id, c.trafout_admdvs, c.trafin_admdvs, c.trafout_insutype, c.trafin_insutype, c.origin,
               coalesce(jsonb_path_query_first(
                   c.outbound_check, :county, jsonb_build_object('scheme', trafout_insutype)) #>> '{}', ''
               ) AS trafout_county,
               coalesce(jsonb_path_query_first(
                   c.inbound_check, :county, jsonb_build_object('scheme', trafin_insutype)) #>> '{}', ''
               ) AS trafin_county,
               c.state, c.state_since, c.closed_at, c.money_state
        FROM transfer_case c WHERE c.rlts_traf_id = ANY(:ids)
    ), moved AS MATERIALIZED (
        SELECT h.rlts_traf_id, h.command, h.to_state, h.at, h.reason
        FROM case_history h
        WHERE h.rlts_traf_id = ANY(:ids) AND h.is_allowed AND h.from_state IS DISTINCT FROM h.to_state
    ), fact AS MATERIALIZED (
        SELECT rlts_traf_id, kind, amount, booked_on FROM money_fact WHERE rlts_traf_id = ANY(:ids)
    ), latest AS MATERIALIZED (
        SELECT DISTINCT ON (rlts_traf_id) rlts_traf_id, amount, arrived_at
        FROM sheet WHERE rlts_traf_id = ANY(:ids) ORDER BY rlts_traf_id, sheet_version DESC
    ), clock AS MATERIALIZED (
        SELECT rlts_traf_id, kind, sheet_version, due_on, stopped_at,
               (stopped_at AT TIME ZONE 'Asia/Shanghai')::date > due_on AS is_late
        FROM deadline WHERE rlts_traf_id = ANY(:ids)
    ), happened AS (
        SELECT rlts_traf_id, CASE to_state WHEN 'checking' THEN 'applied' ELSE to_state END AS measure,
               min(at) AS at, NULL::date AS day, 0 AS amount
        FROM moved WHERE to_state IN ('checking', 'accepted', 'refused', 'withdrawn', 'terminated', 'completed')
        GROUP BY rlts_traf_id, to_state
        UNION ALL
        SELECT rlts_traf_id, 'closed', closed_at, NULL, 0 FROM chosen WHERE closed_at IS NOT NULL
        UNION ALL
        SELECT rlts_traf_id, 'sheets', at, NULL, 0 FROM moved WHERE to_state = 'sheet_issued'
        UNION ALL
        SELECT rlts_traf_id, 'returned', at, NULL, 0 FROM moved WHERE command = 'return_sheet'
        UNION ALL
        SELECT rlts_traf_id, 'returned_' || lower(code[1]), at, NULL, 0
        FROM moved CROSS JOIN LATERAL regexp_matches(reason, 'S0[1-6]', 'g') AS code WHERE command = 'return_sheet'
        UNION ALL
        SELECT d.rlts_traf_id, d.kind || CASE WHEN is_late THEN '_late' ELSE '_kept' END, d.stopped_at, NULL, 0
        FROM clock d JOIN chosen c USING (rlts_traf_id)
        WHERE d.stopped_at IS NOT NULL AND (is_late OR NOT (
            -- Ended with its case, or by the next sheet: neither kept nor late.
            (c.state IN ('withdrawn', 'terminated') AND d.stopped_at >= c.state_since)
            OR (d.kind = 'payment' AND EXISTS (
                SELECT FROM sheet s WHERE s.rlts_traf_id = d.rlts_traf_id AND s.arrived_at = d.stopped_at
                    AND s.sheet_version > d.sheet_version))))
        UNION ALL
        SELECT rlts_traf_id, CASE kind WHEN 'returned' THEN 'sent_back' ELSE kind END, NULL, booked_on, amount
        FROM fact WHERE kind IN ('paid', 'credited', 'returned')
        UNION ALL
        SELECT rlts_traf_id, 'running_' || kind, NULL, due_on, 0 FROM clock WHERE stopped_at IS NULL
        UNION ALL
        SELECT c.rlts_traf_id, 'outstanding_' || c.money_state, l.arrived_at, NULL,
               greatest(l.amount + coalesce(a.amount, 0) - coalesce(f.amount, 0), 0)
        FROM chosen c JOIN latest l USING (rlts_traf_id)
        LEFT JOIN (SELECT rlts_traf_id, sum(amount) AS amount FROM fact WHERE kind = 'credited' GROUP BY 1) f
            USING (rlts_traf_id)
        LEFT JOIN (SELECT rlts_traf_id, sum(amount) AS amount FROM addendum WHERE rlts_traf_id = ANY(:ids) GROUP BY 1) a
            USING (rlts_traf_id)
        WHERE c.money_state = ANY(:outstanding) AND c.state NOT IN ('refused', 'withdrawn', 'terminated')
    ), entry AS MATERIALIZED (
        SELECT rlts_traf_id, measure, coalesce(day, (at AT TIME ZONE 'Asia/Shanghai')::date) AS day,
               amount::bigint AS amount
        FROM happened
    )
"""

_DIMENSIONS = (
    "trafout_admdvs",
    "trafin_admdvs",
    "trafout_county",
    "trafin_county",
    "trafout_insutype",
    "trafin_insutype",
    "origin",
)
_OF_CASE = ", ".join(_DIMENSIONS)
_CELL = "kind, area, other, trafout_insutype, trafin_insutype, distance, origin"
_COUNTED = FLOWS + AMOUNTS
_IS_STANDING = "(starts_with(measure, 'running_') OR starts_with(measure, 'outstanding_'))"
_CELLS = """
    CROSS JOIN LATERAL (
        SELECT CASE WHEN trafout_admdvs = trafin_admdvs THEN 'same_area'
                    WHEN left(trafout_admdvs, 4) = left(trafin_admdvs, 4) THEN 'same_city'
                    WHEN left(trafout_admdvs, 2) = left(trafin_admdvs, 2) THEN 'same_province'
                    ELSE 'across_provinces' END AS distance
    ) AS d CROSS JOIN LATERAL (
        VALUES ('nation', '000000', ''), ('from_province', left(trafout_admdvs, 2) || '0000', ''),
               ('into_province', left(trafin_admdvs, 2) || '0000', ''), ('outbound', trafout_admdvs, ''),
               ('inbound', trafin_admdvs, ''),
               ('direction', trafout_admdvs, trafin_admdvs),
               ('outbound_county', trafout_admdvs, trafout_county),
               ('inbound_county', trafin_admdvs, trafin_county)
    ) AS k (kind, area, other)
"""


def _each(form: str, names: Iterable[str] = _COUNTED) -> str:
    return ", ".join(form.format(name=name) for name in names)


def _pivoted(name: str) -> str:
    """The whole numbers as ``int``: sums of them are quick."""
    if name in AMOUNTS:
        return f"coalesce(sum(amount) FILTER (WHERE measure = '{name.removesuffix('_amount')}'), 0)::bigint AS {name}"
    return f"coalesce(sum(n) FILTER (WHERE measure = '{name}'), 0)::int AS {name}"


_COUNT = text(
    f"""
    WITH {_ENTRIES}, change AS MATERIALIZED (
        SELECT {_OF_CASE}, measure, day, 1 AS n, amount FROM entry JOIN chosen USING (rlts_traf_id)
        UNION ALL
        SELECT {_OF_CASE}, e.measure, e.day, -1, -e.amount
        FROM statistic_case s CROSS JOIN LATERAL unnest(s.measures, s.days, s.amounts) AS e (measure, day, amount)
        WHERE s.rlts_traf_id = ANY(:ids)
    ), flow AS (
        SELECT {_OF_CASE}, to_char(day, 'YYYYMM') AS month, {", ".join(map(_pivoted, _COUNTED))}
        FROM change WHERE NOT {_IS_STANDING} GROUP BY {_OF_CASE}, month
    ), monthly AS (
        INSERT INTO statistic_month AS present ({_CELL}, month, {_each("{name}")})
        SELECT {_CELL}, month, {_each("sum({name})")}
        FROM flow {_CELLS} WHERE ROW({_each("{name}")}) <> ROW({_each("0")})
        GROUP BY {_CELL}, month ORDER BY {_CELL}, month
        ON CONFLICT ({_CELL}, month) DO UPDATE SET {_each("{name} = present.{name} + excluded.{name}")}
    ), standing AS (
        INSERT INTO statistic_standing AS present ({_CELL}, measure, day, n, amount)
        SELECT {_CELL}, measure, day, sum(n), sum(amount)
        FROM change {_CELLS} WHERE {_IS_STANDING}
        GROUP BY {_CELL}, measure, day HAVING sum(n) <> 0 OR sum(amount) <> 0 ORDER BY {_CELL}, measure, day
        ON CONFLICT ({_CELL}, measure, day)
        DO UPDATE SET n = present.n + excluded.n, amount = present.amount + excluded.amount
    )
    INSERT INTO statistic_case (rlts_traf_id, {_OF_CASE}, measures, days, amounts)
    SELECT rlts_traf_id, {_OF_CASE}, coalesce(e.measures, '{{}}'), coalesce(e.days, '{{}}'), coalesce(e.amounts, '{{}}')
    FROM chosen LEFT JOIN (
        SELECT rlts_traf_id, array_agg(measure) AS measures, array_agg(day) AS days, array_agg(amount) AS amounts
        FROM entry GROUP BY rlts_traf_id
    ) e USING (rlts_traf_id)
    ON CONFLICT (rlts_traf_id) DO UPDATE
    SET {_each("{name} = excluded.{name}", (*_DIMENSIONS, "measures", "days", "amounts"))}
    """  # noqa: S608 - only our own names are put in
)
_COUNTY = "$.facts.relations[*] ? (@.insutype == $scheme).insu_admdvs"
_CLEAR = text("DELETE FROM statistic_standing WHERE n = 0")


async def mark(connection: AsyncConnection, ids: Collection[str], now: datetime) -> None:
    """Say, in the transaction that changes them, that cases are to be counted anew."""
    if ids:
        await connection.execute(MARK, {"ids": list(ids), "now": now})


async def mark_all(connection: AsyncConnection, now: datetime) -> int:
    """Say that every case is to be counted anew; how many there are."""
    return (await connection.execute(_MARK_ALL, {"now": now})).rowcount


async def is_mine(connection: AsyncConnection) -> bool:
    """Whether this transaction alone counts, until it ends."""
    return bool(await connection.scalar(_LOCK))


async def take_marked(connection: AsyncConnection, limit: int) -> list[str]:
    """Take up to ``limit`` marks off the list, the oldest first: the case of each, which may stand there twice."""
    return list(await connection.scalars(_TAKE, {"limit": limit}))


async def count(connection: AsyncConnection, ids: Collection[str]) -> None:
    """Count the cases ``ids`` anew."""
    values = {"ids": sorted(set(ids)), "county": _COUNTY, "outstanding": [state.value for state in OUTSTANDING]}
    await connection.execute(_MEMORY)
    await connection.execute(_COUNT, values)
    await connection.execute(_CLEAR)
