"""Counts cases anew for 平台对账, as ``roll_up`` does for the statistics: off as they were counted, on as they are now.

A move lands on the day that the bank booked it, however late or in what order it was told; so a report of a past day
says what is known of that day now, and each day begins with what the day before ended with.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.repository.money_words import MOVES

_SUMS = ("payments", "receipts", "paid", "returned", "received", "sent_back")

# Of a case on paper one side's books alone tell: nobody answers what they paid.
_CASES = """
    k AS (
        SELECT rlts_traf_id, trafout_admdvs, trafin_admdvs FROM transfer_case
        WHERE rlts_traf_id = ANY(CAST(:cases AS text[])) AND origin <> 'paper'
    )
"""


def _each(form: str, names: Iterable[str] = _SUMS) -> str:
    return ", ".join(form.format(name=name) for name in names)


# What is level from the day of a move on has no span: ``net_fen`` is 0 until the next one.
_SPANS = """
    day AS (
        SELECT rlts_traf_id, moved_on AS begins_on,
               CAST(sum(sum(amount)) OVER (PARTITION BY rlts_traf_id ORDER BY moved_on) AS bigint) AS net_fen,
               lead(moved_on) OVER (PARTITION BY rlts_traf_id ORDER BY moved_on) AS ends_on,
               min(moved_on) OVER (PARTITION BY rlts_traf_id) AS first_on
        FROM move GROUP BY rlts_traf_id, moved_on
    ), span AS MATERIALIZED (
        -- Payments are answered in their order, so that the newest are what is still on its way.
        SELECT d.rlts_traf_id, d.begins_on, d.ends_on, d.net_fen,
               coalesce(min(d.moved_on) FILTER (WHERE d.so_far - d.amount < abs(d.net_fen)), d.first_on) AS since
        FROM (
            SELECT d.*, m.moved_on, abs(m.amount) AS amount,
                   sum(abs(m.amount)) OVER (PARTITION BY d.rlts_traf_id, d.begins_on
                                            ORDER BY m.moved_on DESC, m.fact_no DESC) AS so_far
            FROM day d
            LEFT JOIN move m ON m.rlts_traf_id = d.rlts_traf_id AND m.moved_on <= d.begins_on
                AND m.kind = CASE WHEN d.net_fen > 0 THEN 'paid' ELSE 'received' END
            WHERE d.net_fen <> 0
        ) d
        GROUP BY d.rlts_traf_id, d.begins_on, d.ends_on, d.net_fen, d.first_on
    ), no_span AS (
        DELETE FROM transit_span
        WHERE rlts_traf_id = ANY(CAST(:cases AS text[]))
          AND (rlts_traf_id, begins_on) NOT IN (SELECT rlts_traf_id, begins_on FROM span)
    ), spanned AS (
        INSERT INTO transit_span AS present
            (rlts_traf_id, begins_on, ends_on, trafout_admdvs, trafin_admdvs, net_fen, since)
        SELECT s.rlts_traf_id, s.begins_on, s.ends_on, k.trafout_admdvs, k.trafin_admdvs, s.net_fen, s.since
        FROM span s JOIN k USING (rlts_traf_id)
        ON CONFLICT (rlts_traf_id, begins_on) DO UPDATE
        SET ends_on = excluded.ends_on, trafout_admdvs = excluded.trafout_admdvs,
            trafin_admdvs = excluded.trafin_admdvs, net_fen = excluded.net_fen, since = excluded.since
        WHERE ROW(present.*) IS DISTINCT FROM ROW(excluded.*)
    )
"""
_COUNT = text(
    f"""
    WITH {_CASES}, {MOVES}, stored AS MATERIALIZED (
        SELECT * FROM transit_case WHERE rlts_traf_id = ANY(CAST(:cases AS text[]))
    ), as_now AS (
        SELECT k.rlts_traf_id, k.trafout_admdvs, k.trafin_admdvs, coalesce(n.kinds, '{{}}') AS kinds,
               coalesce(n.days, '{{}}') AS days, coalesce(n.amounts, '{{}}') AS amounts
        FROM k LEFT JOIN (
            SELECT rlts_traf_id, CAST(array_agg(kind ORDER BY fact_no, kind) AS text[]) AS kinds,
                   array_agg(moved_on ORDER BY fact_no, kind) AS days,
                   CAST(array_agg(amount ORDER BY fact_no, kind) AS bigint[]) AS amounts
            FROM move GROUP BY rlts_traf_id
        ) n USING (rlts_traf_id)
    ), counted AS MATERIALIZED (
        SELECT n.* FROM as_now n LEFT JOIN stored s USING (rlts_traf_id)
        WHERE (n.trafout_admdvs, n.trafin_admdvs, n.kinds, n.days, n.amounts)
            IS DISTINCT FROM (s.trafout_admdvs, s.trafin_admdvs, s.kinds, s.days, s.amounts)
          AND (s.rlts_traf_id IS NOT NULL OR n.kinds <> '{{}}')
    ), change AS (
        SELECT c.trafout_admdvs, c.trafin_admdvs, e.kind, e.day, 1 AS n, e.amount
        FROM counted c CROSS JOIN LATERAL unnest(c.kinds, c.days, c.amounts) AS e (kind, day, amount)
        UNION ALL
        SELECT s.trafout_admdvs, s.trafin_admdvs, e.kind, e.day, -1, -e.amount
        FROM counted JOIN stored s USING (rlts_traf_id)
        CROSS JOIN LATERAL unnest(s.kinds, s.days, s.amounts) AS e (kind, day, amount)
    ), flow AS (
        SELECT p.period, trafout_admdvs, trafin_admdvs,
               coalesce(sum(n) FILTER (WHERE kind = 'paid'), 0) AS payments,
               coalesce(sum(n) FILTER (WHERE kind = 'received'), 0) AS receipts,
               coalesce(sum(amount) FILTER (WHERE kind = 'paid'), 0) AS paid,
               coalesce(-sum(amount) FILTER (WHERE kind = 'returned'), 0) AS returned,
               coalesce(-sum(amount) FILTER (WHERE kind = 'received'), 0) AS received,
               coalesce(sum(amount) FILTER (WHERE kind = 'sent_back'), 0) AS sent_back
        FROM change CROSS JOIN LATERAL (VALUES (to_char(day, 'YYYYMMDD')), (to_char(day, 'YYYYMM'))) AS p (period)
        GROUP BY p.period, trafout_admdvs, trafin_admdvs
    ), summed AS (
        INSERT INTO transit_sum AS present (period, trafout_admdvs, trafin_admdvs, {_each("{name}")})
        SELECT * FROM flow WHERE ROW({_each("{name}")}) <> ROW({_each("0")})
        ORDER BY period, trafout_admdvs, trafin_admdvs
        ON CONFLICT (period, trafout_admdvs, trafin_admdvs)
        DO UPDATE SET {_each("{name} = present.{name} + excluded.{name}")}
    ), {_SPANS}
    INSERT INTO transit_case (rlts_traf_id, trafout_admdvs, trafin_admdvs, kinds, days, amounts)
    SELECT * FROM counted
    ON CONFLICT (rlts_traf_id) DO UPDATE
    SET trafout_admdvs = excluded.trafout_admdvs, trafin_admdvs = excluded.trafin_admdvs, kinds = excluded.kinds,
        days = excluded.days, amounts = excluded.amounts
    """  # noqa: S608 - only our own names are put in
)


# How many moves a batch has nobody can tell beforehand: planned for a few, thousands would be gone through for each.
_BY_HASH = text("SELECT set_config('enable_nestloop', 'off', true)")


async def count(connection: AsyncConnection, ids: Collection[str]) -> None:
    """Count the cases ``ids`` anew; what is as it was counted costs no write.

    The transaction plans without nested loops from then on.
    """
    await connection.execute(_BY_HASH)
    await connection.execute(_COUNT, {"cases": sorted(set(ids))})
