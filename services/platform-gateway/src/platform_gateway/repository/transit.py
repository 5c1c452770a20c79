"""平台对账: what payers' books told against what payees' told, by pair of areas; what is on its way, since when.

Read from what ``transit_roll_up`` has counted of the signed facts that the platform got; never from the facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import AreaRange
from shared.ages import FIRST_DAYS

_ASKED = """
    (trafout_admdvs BETWEEN :low AND :high OR trafin_admdvs BETWEEN :low AND :high)
    AND (CAST(:trafout AS text) IS NULL OR trafout_admdvs = :trafout)
    AND (CAST(:trafin AS text) IS NULL OR trafin_admdvs = :trafin)
"""
# By the index of the days alone: what stands on one day is little, however many cases there were.
_ON = "SELECT * FROM transit_span WHERE daterange(begins_on, ends_on) @> CAST({day} AS date) AND " + _ASKED  # noqa: S608
_PAGE = "(trafout_admdvs, trafin_admdvs) > (:after_out, :after_in)"
_IN_ORDER = "ORDER BY trafout_admdvs, trafin_admdvs LIMIT :limit"
_PAIRS = text(
    f"""
    WITH before AS MATERIALIZED ({_ON.format(day=":day_before")} AND {_PAGE}),
    at_the_end AS MATERIALIZED ({_ON.format(day=":until")} AND {_PAGE}),
    flow AS (
        SELECT * FROM transit_sum
        WHERE period = :period AND {_ASKED} AND {_PAGE}
          AND (payments <> 0 OR receipts <> 0 OR returned <> 0 OR sent_back <> 0)
        {_IN_ORDER}
    ), opening AS (
        SELECT trafout_admdvs, trafin_admdvs, sum(net_fen) AS opening
        FROM before GROUP BY 1, 2 HAVING sum(net_fen) <> 0 {_IN_ORDER}
    ), standing AS (
        SELECT trafout_admdvs, trafin_admdvs, net_fen > 0 AS is_under_way,
               width_bucket(greatest(:until - since, 0), CAST(:first_days AS integer[])) AS bracket,
               count(*) AS cases, sum(abs(net_fen)) AS amount, min(since) AS since
        FROM at_the_end GROUP BY 1, 2, 3, 4
    ), stands AS (
        SELECT trafout_admdvs, trafin_admdvs,
               jsonb_agg(to_jsonb(s) - 'trafout_admdvs' - 'trafin_admdvs') AS standing
        FROM standing s GROUP BY 1, 2 {_IN_ORDER}
    )
    SELECT trafout_admdvs, trafin_admdvs, coalesce(o.opening, 0) AS opening, coalesce(f.paid, 0) AS paid,
           coalesce(f.payments, 0) AS payments, coalesce(f.returned, 0) AS returned,
           coalesce(f.received, 0) AS received, coalesce(f.receipts, 0) AS receipts,
           coalesce(f.sent_back, 0) AS sent_back, coalesce(s.standing, '[]') AS standing
    FROM flow f
    FULL JOIN opening o USING (trafout_admdvs, trafin_admdvs)
    FULL JOIN stands s USING (trafout_admdvs, trafin_admdvs)
    {_IN_ORDER}
    """  # noqa: S608 - our own text
)
_ITEMS = text(
    f"""
    WITH at_the_end AS MATERIALIZED ({_ON.format(day=":until")} AND rlts_traf_id > :after)
    SELECT rlts_traf_id, trafout_admdvs, trafin_admdvs, net_fen, since FROM at_the_end
    WHERE net_fen > 0 OR NOT :is_under_way_only
    ORDER BY rlts_traf_id LIMIT :limit
    """  # noqa: S608 - our own text
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A day, or a month from its first to its last day (Asia/Shanghai), of cases with a side in ``areas``."""

    areas: AreaRange
    from_day: date
    until: date
    trafout_admdvs: str | None = None
    trafin_admdvs: str | None = None

    @property
    def period(self) -> str:
        """As the sums are kept by it."""
        return f"{self.until:%Y%m%d}" if self.from_day == self.until else f"{self.until:%Y%m}"

    def values(self) -> Mapping[str, Any]:
        """As the queries take them."""
        return {
            "low": self.areas.low,
            "high": self.areas.high,
            "until": self.until,
            "trafout": self.trafout_admdvs,
            "trafin": self.trafin_admdvs,
        }


async def pairs(
    connection: AsyncConnection, asked: Asked, after: tuple[str, str] | None, limit: int
) -> Sequence[Row[Any]]:
    """Each pair of areas with what moved and what stands at the end; amounts in fen, ``standing`` by age bracket."""
    after_out, after_in = after or ("", "")
    days = {"period": asked.period, "day_before": asked.from_day - timedelta(days=1), "first_days": list(FIRST_DAYS)}
    page = {"after_out": after_out, "after_in": after_in, "limit": limit}
    return (await connection.execute(_PAIRS, {**asked.values(), **days, **page})).all()


async def items(
    connection: AsyncConnection, asked: Asked, *, is_under_way_only: bool, after: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Each case whose money is not level at the end of ``asked.until``, by number."""
    page = {"after": after or "", "limit": limit, "is_under_way_only": is_under_way_only}
    return (await connection.execute(_ITEMS, {**asked.values(), **page})).all()
