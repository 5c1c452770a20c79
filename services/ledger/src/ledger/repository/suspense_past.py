"""What items in suspense said before they said something else: the reports of the days before show that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import local_date

# Of what changes twice in a day, and of what has come just now, no day ended with what it said.
_KEEP = """
    INSERT INTO suspense_past (line_id, until_on, admdvs, booked_on, reason, owner, difference_fen)
    SELECT line_id, :today, admdvs, booked_on, reason, owner, difference_fen FROM suspense
    WHERE line_id IN ({lines}) AND opened_at < :now
    ON CONFLICT DO NOTHING
"""
_OF_LINES = text(_KEEP.format(lines="SELECT unnest(CAST(:ids AS bigint[]))"))
_OF_CLAIMS = text(_KEEP.format(lines="SELECT line_id FROM claim WHERE id = ANY(:ids)"))
_OF_CLEARINGS = text(
    _KEEP.format(
        lines="""
        SELECT credit_line_id FROM clearing WHERE id = ANY(:ids)
        UNION ALL
        SELECT debit_line_id FROM clearing WHERE id = ANY(:ids)
        """
    )
)


async def keep_of_lines(connection: AsyncConnection, line_ids: Sequence[int], *, now: datetime) -> None:
    """To be called before the items of these lines are given another reason."""
    await _keep(connection, _OF_LINES, line_ids, now)


async def keep_of_claims(connection: AsyncConnection, claim_ids: Sequence[int], *, now: datetime) -> None:
    """To be called before the items of the lines of these claims are given another reason."""
    await _keep(connection, _OF_CLAIMS, claim_ids, now)


async def keep_of_clearings(connection: AsyncConnection, clearing_ids: Sequence[int], *, now: datetime) -> None:
    """To be called before the items of the lines of these clearings are given another reason."""
    await _keep(connection, _OF_CLEARINGS, clearing_ids, now)


async def _keep(connection: AsyncConnection, statement: TextClause, ids: Sequence[int], now: datetime) -> None:
    if ids:
        await connection.execute(statement, {"ids": list(ids), "now": now, "today": local_date(now)})
