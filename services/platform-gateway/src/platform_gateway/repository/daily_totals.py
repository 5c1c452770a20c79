"""What one day brought to the cases of one agency, by side."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import SHANGHAI

_SIDES = "CROSS JOIN LATERAL (VALUES ('outbound', c.trafout_admdvs), ('inbound', c.trafin_admdvs)) AS s (side, admdvs)"

_ENTERED = text(
    f"""
    SELECT s.side, h.to_state AS what, count(*) AS cases, 0 AS amount
    FROM case_history h JOIN transfer_case c USING (rlts_traf_id) {_SIDES}
    WHERE h.at >= :begin AND h.at < :end AND s.admdvs = :admdvs
      AND h.is_allowed AND h.from_state IS DISTINCT FROM h.to_state
    GROUP BY s.side, h.to_state
    """  # noqa: S608 - our own text
)
_SHEETS = text(
    f"""
    SELECT s.side, 'sheets' AS what, count(*) AS cases, sum(f.amount) AS amount
    FROM sheet f JOIN transfer_case c USING (rlts_traf_id) {_SIDES}
    WHERE f.arrived_at >= :begin AND f.arrived_at < :end AND s.admdvs = :admdvs
    GROUP BY s.side
    """  # noqa: S608 - our own text
)
# A receipt is told again where it waits for another reason, a match where receipts are exchanged: the last word counts.
_MONEY = text(
    f"""
    SELECT s.side, f.kind AS what, count(*) AS cases, sum(f.amount) AS amount
    FROM money_fact f JOIN transfer_case c USING (rlts_traf_id) {_SIDES}
    WHERE f.booked_on = :day AND s.admdvs = :admdvs AND (f.receipt_no IS NULL OR (f.amount > 0 AND NOT EXISTS (
        SELECT FROM money_fact n
        WHERE n.rlts_traf_id = f.rlts_traf_id AND n.fact_no > f.fact_no AND n.kind = f.kind AND n.sender = f.sender
          AND n.receipt_no = f.receipt_no AND n.obligation_no IS NOT DISTINCT FROM f.obligation_no)))
    GROUP BY s.side, f.kind
    """  # noqa: S608 - our own text
)


async def entered(connection: AsyncConnection, admdvs: str, day: date) -> Sequence[Row[Any]]:
    """How many cases came to each state (side, what, cases)."""
    return await _of_instants(connection, _ENTERED, admdvs, day)


async def sheets(connection: AsyncConnection, admdvs: str, day: date) -> Sequence[Row[Any]]:
    """How many sheet versions were accepted, with the sum of their amounts in fen."""
    return await _of_instants(connection, _SHEETS, admdvs, day)


async def money(connection: AsyncConnection, admdvs: str, day: date) -> Sequence[Row[Any]]:
    """The facts of money by kind that were booked on ``day``, with sums in fen."""
    return (await connection.execute(_MONEY, {"day": day, "admdvs": admdvs})).all()


async def _of_instants(connection: AsyncConnection, query: Any, admdvs: str, day: date) -> Sequence[Row[Any]]:
    begin = datetime.combine(day, time.min, SHANGHAI)
    values = {"begin": begin, "end": begin + timedelta(days=1), "admdvs": admdvs}
    return (await connection.execute(query, values)).all()
