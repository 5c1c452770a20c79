"""平台对账: what payers' books told against what payees' told, by pair of areas; what is on its way, since when.

Everything is worked out from the signed facts that the platform got. ``money_transit`` holds the cases whose money is
not level now, so that no other has to be read for what stands.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import AreaRange
from platform_gateway.repository.money_words import CASES, MOVES
from shared.ages import FIRST_DAYS

# Payments are answered in their order, so that the newest are what is still on its way.
_STANDING = f"""
    {MOVES}, net AS (
        SELECT rlts_traf_id, CAST(sum(amount) AS bigint) AS net_fen, min(moved_on) AS first_on
        FROM move GROUP BY rlts_traf_id
    ), open AS (
        SELECT n.rlts_traf_id, n.net_fen, coalesce(min(m.moved_on), n.first_on) AS since
        FROM net n
        LEFT JOIN (
            SELECT rlts_traf_id, moved_on, amount > 0 AS is_paid, abs(amount) AS amount,
                   sum(abs(amount)) OVER (PARTITION BY rlts_traf_id, amount > 0
                                          ORDER BY moved_on DESC, fact_no DESC) AS so_far
            FROM move WHERE kind IN ('paid', 'received')
        ) m ON m.rlts_traf_id = n.rlts_traf_id AND m.is_paid = (n.net_fen > 0) AND m.so_far - m.amount < abs(n.net_fen)
        WHERE n.net_fen <> 0
        GROUP BY n.rlts_traf_id, n.net_fen, n.first_on
    )
"""  # noqa: S608 - our own text
_RENEW = text(
    f"""
    WITH {CASES}, {_STANDING}, level AS (
        DELETE FROM money_transit t USING k
        WHERE t.rlts_traf_id = k.rlts_traf_id
          AND NOT EXISTS (SELECT FROM open o WHERE o.rlts_traf_id = k.rlts_traf_id)
    )
    INSERT INTO money_transit AS present (rlts_traf_id, trafout_admdvs, trafin_admdvs, net_fen, since)
    SELECT o.rlts_traf_id, k.trafout_admdvs, k.trafin_admdvs, o.net_fen, o.since
    FROM open o JOIN k USING (rlts_traf_id)
    ORDER BY o.rlts_traf_id
    ON CONFLICT (rlts_traf_id) DO UPDATE SET net_fen = excluded.net_fen, since = excluded.since
    """  # noqa: S608 - our own text
)
_WANTED = """
    SELECT c.rlts_traf_id, c.trafout_admdvs, c.trafin_admdvs
    FROM (
        SELECT rlts_traf_id FROM money_transit
        UNION
        SELECT rlts_traf_id FROM money_fact WHERE booked_on >= :from_day
    ) w
    CROSS JOIN LATERAL (SELECT * FROM transfer_case WHERE rlts_traf_id = w.rlts_traf_id OFFSET 0) c
    WHERE (c.trafout_admdvs BETWEEN :low AND :high OR c.trafin_admdvs BETWEEN :low AND :high)
      AND (CAST(:trafout AS text) IS NULL OR c.trafout_admdvs = :trafout)
      AND (CAST(:trafin AS text) IS NULL OR c.trafin_admdvs = :trafin)
"""
_PAIRS = text(
    f"""
    WITH k AS MATERIALIZED ({_WANTED}), {_STANDING}, flow AS (
        SELECT k.trafout_admdvs, k.trafin_admdvs,
               coalesce(sum(m.amount) FILTER (WHERE m.moved_on < :from_day), 0) AS opening,
               coalesce(sum(m.amount) FILTER (WHERE m.kind = 'paid' AND m.moved_on >= :from_day), 0) AS paid,
               coalesce(-sum(m.amount) FILTER (WHERE m.kind = 'returned' AND m.moved_on >= :from_day), 0) AS returned,
               coalesce(-sum(m.amount) FILTER (WHERE m.kind = 'received' AND m.moved_on >= :from_day), 0) AS received,
               coalesce(sum(m.amount) FILTER (WHERE m.kind = 'sent_back' AND m.moved_on >= :from_day), 0) AS sent_back,
               count(*) FILTER (WHERE m.kind = 'paid' AND m.moved_on >= :from_day) AS payments,
               count(*) FILTER (WHERE m.kind = 'received' AND m.amount <> 0 AND m.moved_on >= :from_day) AS receipts
        FROM k JOIN move m USING (rlts_traf_id) GROUP BY 1, 2
    ), standing AS (
        SELECT k.trafout_admdvs, k.trafin_admdvs, o.net_fen > 0 AS is_under_way,
               width_bucket(greatest(:until - o.since, 0), CAST(:first_days AS integer[])) AS bracket,
               count(*) AS cases, sum(abs(o.net_fen)) AS amount, min(o.since) AS since
        FROM k JOIN open o USING (rlts_traf_id) GROUP BY 1, 2, 3, 4
    ), stands AS (
        SELECT trafout_admdvs, trafin_admdvs,
               jsonb_agg(to_jsonb(s) - 'trafout_admdvs' - 'trafin_admdvs') AS standing
        FROM standing s GROUP BY 1, 2
    )
    SELECT f.*, coalesce(s.standing, '[]') AS standing
    FROM flow f LEFT JOIN stands s USING (trafout_admdvs, trafin_admdvs)
    WHERE (f.trafout_admdvs, f.trafin_admdvs) > (:after_out, :after_in)
      AND (f.opening <> 0 OR f.payments > 0 OR f.receipts > 0 OR f.returned <> 0 OR f.sent_back <> 0
           OR s.standing IS NOT NULL)
    ORDER BY f.trafout_admdvs, f.trafin_admdvs LIMIT :limit
    """  # noqa: S608 - our own text
)
_ITEMS = text(
    f"""
    WITH k AS MATERIALIZED ({_WANTED} AND c.rlts_traf_id > :after), {_STANDING}
    SELECT k.rlts_traf_id, k.trafout_admdvs, k.trafin_admdvs, o.net_fen, o.since
    FROM k JOIN open o USING (rlts_traf_id)
    WHERE o.net_fen > 0 OR NOT :is_under_way_only
    ORDER BY k.rlts_traf_id LIMIT :limit
    """  # noqa: S608 - our own text
)


@dataclass(frozen=True, slots=True)
class Asked:
    """From ``from_day`` to ``until``, both counted (Asia/Shanghai), of cases with a side in ``areas``."""

    areas: AreaRange
    from_day: date
    until: date
    trafout_admdvs: str | None = None
    trafin_admdvs: str | None = None

    def values(self) -> Mapping[str, Any]:
        """As the queries take them."""
        return {
            "low": self.areas.low,
            "high": self.areas.high,
            "from_day": self.from_day,
            "until": self.until,
            "trafout": self.trafout_admdvs,
            "trafin": self.trafin_admdvs,
        }


async def renew(connection: AsyncConnection, cases: Collection[str]) -> None:
    """Work out anew what is on its way of these locked cases."""
    await connection.execute(_RENEW, {"cases": sorted(cases), "until": date.max})


async def pairs(
    connection: AsyncConnection, asked: Asked, after: tuple[str, str] | None, limit: int
) -> Sequence[Row[Any]]:
    """Each pair of areas with what moved and what stands at the end; amounts in fen, ``standing`` by age bracket."""
    after_out, after_in = after or ("", "")
    page = {"after_out": after_out, "after_in": after_in, "limit": limit, "first_days": list(FIRST_DAYS)}
    return (await connection.execute(_PAIRS, {**asked.values(), **page})).all()


async def items(
    connection: AsyncConnection, asked: Asked, *, is_under_way_only: bool, after: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Each case whose money is not level at the end of ``asked.until``, by number."""
    page = {"after": after or "", "limit": limit, "is_under_way_only": is_under_way_only}
    return (await connection.execute(_ITEMS, {**asked.values(), **page})).all()
