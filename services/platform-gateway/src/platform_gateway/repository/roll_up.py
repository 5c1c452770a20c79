"""Counts cases anew and moves the sums by the difference: one statement for any number of cases.

What a case counts as is worked out from its history, clocks and facts, taken off as it was counted before and added as
it is now; so a late fact, a case marked twice or a run broken off leave the sums right.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, Text, bindparam, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import AMOUNTS, FLOWS, OUTSTANDING
from platform_gateway.tables import statistic_due

_LOCK = text("SELECT pg_try_advisory_xact_lock(7310390)")

MARK = insert(statistic_due).from_select(
    ("rlts_traf_id", "marked_at"),
    select(func.unnest(bindparam("ids", type_=ARRAY(Text))), bindparam("now", type_=DateTime(timezone=True))),
    include_defaults=False,
)
"""Says that the cases ``ids`` are to be counted anew."""

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
    ), entry AS (
        SELECT rlts_traf_id, CASE to_state WHEN 'checking' THEN 'applied' ELSE to_state END AS measure,
               min(at) AS at, NULL::date AS day, 1 AS n, 0 AS amount
        FROM moved WHERE to_state IN ('checking', 'accepted', 'refused', 'withdrawn', 'terminated', 'completed')
        GROUP BY rlts_traf_id, to_state
        UNION ALL
        SELECT rlts_traf_id, 'closed', closed_at, NULL, 1, 0 FROM chosen WHERE closed_at IS NOT NULL
        UNION ALL
        SELECT rlts_traf_id, 'sheets', at, NULL, 1, 0 FROM moved WHERE to_state = 'sheet_issued'
        UNION ALL
        SELECT rlts_traf_id, 'returned', at, NULL, 1, 0 FROM moved WHERE command = 'return_sheet'
        UNION ALL
        SELECT rlts_traf_id, 'returned_' || lower(code[1]), at, NULL, 1, 0
        FROM moved CROSS JOIN LATERAL regexp_matches(reason, 'S0[1-6]', 'g') AS code WHERE command = 'return_sheet'
        UNION ALL
        SELECT d.rlts_traf_id, d.kind || CASE WHEN is_late THEN '_late' ELSE '_kept' END, d.stopped_at, NULL, 1, 0
        FROM deadline d JOIN chosen c USING (rlts_traf_id)
        CROSS JOIN LATERAL (SELECT (d.stopped_at AT TIME ZONE 'Asia/Shanghai')::date > d.due_on AS is_late) l
        WHERE d.stopped_at IS NOT NULL AND (is_late OR NOT (
            -- Ended with its case, or by the next sheet: neither kept nor late.
            (c.state IN ('withdrawn', 'terminated') AND d.stopped_at >= c.state_since)
            OR (d.kind = 'payment' AND EXISTS (
                SELECT FROM sheet s WHERE s.rlts_traf_id = d.rlts_traf_id AND s.arrived_at = d.stopped_at
                    AND s.sheet_version > d.sheet_version))))
        UNION ALL
        SELECT rlts_traf_id, CASE kind WHEN 'returned' THEN 'sent_back' ELSE kind END, NULL, booked_on, 1, amount
        FROM fact WHERE kind IN ('paid', 'credited', 'returned')
        UNION ALL
        SELECT d.rlts_traf_id, 'running_' || d.kind, NULL, d.due_on, 1, 0
        FROM deadline d WHERE d.rlts_traf_id = ANY(:ids) AND d.stopped_at IS NULL
        UNION ALL
        SELECT c.rlts_traf_id, 'outstanding_' || c.money_state, l.arrived_at, NULL, 1,
               greatest(l.amount - coalesce(f.amount, 0), 0)
        FROM chosen c JOIN latest l USING (rlts_traf_id)
        LEFT JOIN (SELECT rlts_traf_id, sum(amount) AS amount FROM fact WHERE kind = 'credited' GROUP BY 1) f
            USING (rlts_traf_id)
        WHERE c.money_state = ANY(:outstanding) AND c.state NOT IN ('refused', 'withdrawn', 'terminated')
    ), counted AS MATERIALIZED (
        SELECT rlts_traf_id, measure, coalesce(day, (at AT TIME ZONE 'Asia/Shanghai')::date) AS day, sum(n)::int AS n,
               sum(amount)::bigint AS amount
        FROM entry GROUP BY 1, 2, 3
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


def _summed(name: str) -> str:
    column = "amount" if name in AMOUNTS else "n"
    return f"coalesce(sum({column}) FILTER (WHERE measure = '{name.removesuffix('_amount')}'), 0)"


_COUNT = text(
    f"""
    WITH {_ENTRIES}, change AS MATERIALIZED (
        SELECT {_OF_CASE}, measure, day, sum(n) AS n, sum(amount) AS amount
        FROM (
            SELECT {_OF_CASE}, measure, day, n, amount FROM counted JOIN chosen USING (rlts_traf_id)
            UNION ALL
            SELECT {_OF_CASE}, e.measure, e.day, -e.n, -e.amount
            FROM statistic_case s
            CROSS JOIN LATERAL jsonb_to_recordset(s.entries) AS e (measure text, day date, n int, amount bigint)
            WHERE s.rlts_traf_id = ANY(:ids)
        ) both_counts
        GROUP BY {_OF_CASE}, measure, day
        HAVING sum(n) <> 0 OR sum(amount) <> 0
    ), cell AS (
        SELECT k.*, trafout_insutype, trafin_insutype, origin, measure, day, n, amount,
               CASE WHEN trafout_admdvs = trafin_admdvs THEN 'same_area'
                    WHEN left(trafout_admdvs, 4) = left(trafin_admdvs, 4) THEN 'same_city'
                    WHEN left(trafout_admdvs, 2) = left(trafin_admdvs, 2) THEN 'same_province'
                    ELSE 'across_provinces' END AS distance
        FROM change CROSS JOIN LATERAL (
            VALUES ('nation', '000000', ''), ('from_province', left(trafout_admdvs, 2) || '0000', ''),
                   ('into_province', left(trafin_admdvs, 2) || '0000', ''), ('outbound', trafout_admdvs, ''),
                   ('inbound', trafin_admdvs, ''),
                   ('direction', trafout_admdvs, trafin_admdvs),
                   ('outbound_county', trafout_admdvs, trafout_county),
                   ('inbound_county', trafin_admdvs, trafin_county)
        ) AS k (kind, area, other)
    ), monthly AS (
        INSERT INTO statistic_month AS present ({_CELL}, month, {", ".join(FLOWS + AMOUNTS)})
        SELECT {_CELL}, to_char(day, 'YYYYMM') AS month, {", ".join(_summed(name) for name in FLOWS + AMOUNTS)}
        FROM cell WHERE NOT starts_with(measure, 'running_') AND NOT starts_with(measure, 'outstanding_')
        GROUP BY {_CELL}, month
        ON CONFLICT ({_CELL}, month)
        DO UPDATE SET {", ".join(f"{name} = present.{name} + excluded.{name}" for name in FLOWS + AMOUNTS)}
    ), standing AS (
        INSERT INTO statistic_standing AS present ({_CELL}, measure, day, n, amount)
        SELECT {_CELL}, measure, day, sum(n), sum(amount)
        FROM cell WHERE starts_with(measure, 'running_') OR starts_with(measure, 'outstanding_')
        GROUP BY {_CELL}, measure, day
        ON CONFLICT ({_CELL}, measure, day)
        DO UPDATE SET n = present.n + excluded.n, amount = present.amount + excluded.amount
    )
    INSERT INTO statistic_case (rlts_traf_id, {_OF_CASE}, entries)
    SELECT rlts_traf_id, {_OF_CASE}, coalesce(e.entries, '[]')
    FROM chosen LEFT JOIN (
        SELECT rlts_traf_id, jsonb_agg(jsonb_build_object('measure', measure, 'day', day, 'n', n, 'amount', amount))
                   AS entries
        FROM counted GROUP BY rlts_traf_id
    ) e USING (rlts_traf_id)
    ON CONFLICT (rlts_traf_id) DO UPDATE
    SET entries = excluded.entries, {", ".join(f"{name} = excluded.{name}" for name in _DIMENSIONS)}
    """  # noqa: S608 - only our own names are put in
)
_COUNTY = "$.facts.relations[*] ? (@.insutype == $scheme).insu_admdvs"
_CLEAR = text("DELETE FROM statistic_standing WHERE n = 0")


async def mark(connection: AsyncConnection, ids: Collection[str], now: datetime) -> None:
    """Say, in the transaction that changes them, that cases are to be counted anew."""
    if ids:
        await connection.execute(MARK, {"ids": list(ids), "now": now})


async def is_mine(connection: AsyncConnection) -> bool:
    """Whether this transaction alone counts, until it ends."""
    return bool(await connection.scalar(_LOCK))


async def take_marked(connection: AsyncConnection, limit: int) -> list[str]:
    """Take up to ``limit`` marks off the list, the oldest first: the case of each, which may stand there twice."""
    return list(await connection.scalars(_TAKE, {"limit": limit}))


async def count(connection: AsyncConnection, ids: Collection[str]) -> None:
    """Count the cases ``ids`` anew."""
    values = {"ids": sorted(set(ids)), "county": _COUNTY, "outstanding": [state.value for state in OUTSTANDING]}
    await connection.execute(_COUNT, values)
    await connection.execute(_CLEAR)
