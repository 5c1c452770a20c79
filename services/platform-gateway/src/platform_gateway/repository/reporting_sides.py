"""Who has to report figures, and how long each has been silent: who never reported stands there as well."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.states import CaseState
from platform_gateway.domain.statistics import AreaRange


def _first(side: str) -> str:
    return f"""
        CROSS JOIN LATERAL (
            SELECT min(f.accepted_at) AS first_at FROM unnest(CAST(:states AS text[])) AS s (state)
            CROSS JOIN LATERAL (
                SELECT accepted_at FROM transfer_case c
                WHERE c.{side}_admdvs = a.admdvs AND c.state = s.state AND c.accepted_at IS NOT NULL
                ORDER BY c.applied_at LIMIT 1) f
        ) {side}
    """  # noqa: S608 - our own text


# Of areas all of whose sides have reported nothing more is asked; of the others one step in an index for each state.
_SIDES = f"""
    WITH named AS (
        SELECT a.admdvs, trafout.first_at AS leaving_at, trafin.first_at AS arriving_at
        FROM area a {_first("trafout")} {_first("trafin")}
        WHERE a.document ->> 'state' = 'connected'
          AND (SELECT count(*) FROM figures_report r
               WHERE r.whole_on IS NOT NULL AND r.sender IN ('outbound.' || a.admdvs, 'inbound.' || a.admdvs,
                                                             'ledger.' || a.admdvs)) < 3
    ), expected AS (
        SELECT e.role || '.' || admdvs AS sender, e.first_at
        FROM named CROSS JOIN LATERAL (
            VALUES ('outbound', leaving_at), ('inbound', arriving_at), ('ledger', least(leaving_at, arriving_at))
        ) AS e (role, first_at)
        WHERE e.first_at IS NOT NULL
    ), side AS (
        SELECT sender, r.reported_on, r.as_of, coalesce(r.case_count, 0) AS case_count, r.whole_on,
               coalesce(r.whole_on, CAST(e.first_at AT TIME ZONE 'Asia/Shanghai' AS date)) AS silent_since
        FROM figures_report r FULL JOIN expected e USING (sender)
    )
"""  # noqa: S608 - our own text
_PAGE = text(
    f"""
    {_SIDES}
    SELECT * FROM side WHERE right(sender, 6) BETWEEN :low AND :high AND sender > :after ORDER BY sender LIMIT :limit
    """  # noqa: S608 - our own text
)
_LONGEST = text(
    f"""
    {_SIDES}
    SELECT min(silent_since) FROM side s JOIN area a ON a.admdvs = right(s.sender, 6)
    WHERE a.document ->> 'state' = 'connected'
    """  # noqa: S608 - our own text
)
_STATES = {"states": [state.value for state in CaseState if state not in (CaseState.CHECKING, CaseState.REFUSED)]}


async def page(connection: AsyncConnection, areas: AreaRange, after: str | None, limit: int) -> Sequence[Row[Any]]:
    """Each side in ``areas`` by address, with its newest report; ``silent_since`` is the day of its last whole one, or
    that of the first accepted case that names it.
    """
    values = {"low": areas.low, "high": areas.high, "after": after or "", "limit": limit}
    return (await connection.execute(_PAGE, _STATES | values)).all()


async def longest_silent(connection: AsyncConnection) -> date | None:
    """The oldest of these days among the sides of connected areas; ``None`` when there is nothing to report yet."""
    found: date | None = await connection.scalar(_LONGEST, _STATES)
    return found
