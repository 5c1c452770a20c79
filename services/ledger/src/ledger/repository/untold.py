"""What matching has found and nobody was told of yet, in the order in which it was found."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.tables import untold

# A deletion answers in no order of its own, and an earlier finding of a case is told before a later one.
_TAKE_OLDEST = text(
    """
    WITH taken AS (
        DELETE FROM untold WHERE id IN (SELECT id FROM untold WHERE admdvs = :admdvs ORDER BY id LIMIT :limit)
        RETURNING *
    )
    SELECT * FROM taken ORDER BY id
    """
)
# By the lines of the cases, which are in an index already.
_TAKE_CASES = text(
    """
    WITH taken AS (
        DELETE FROM untold
        WHERE line_id IN (SELECT id FROM statement_line WHERE admdvs = :admdvs AND rlts_traf_id = ANY(:cases))
        RETURNING *
    )
    SELECT * FROM taken ORDER BY id
    """
)


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one line that names a case: matched, or kept for a new ``reason``; ``kind`` is the line's.

    ``reason_before``: why it has waited until then, if it has. ``is_owed_return``: it answers an obligation of the
    payee to give money back.
    """

    kind: str
    line_id: int
    rlts_traf_id: str
    amount_fen: int
    booked_on: date
    return_reason: str | None
    is_matched: bool
    reason_before: str | None
    obligation_no: str | None
    is_owed_return: bool
    reason: str | None
    end_to_end_id: str | None
    found_at: datetime


_NAMES = tuple(Found.__dataclass_fields__)


async def newest(connection: AsyncConnection) -> int:
    """The id after which everything is found that is found from now on."""
    return int(await connection.scalar(select(func.coalesce(func.max(untold.c.id), 0))) or 0)


async def kept_lines(
    connection: AsyncConnection, admdvs: str, kind: str, reasons: Collection[str], *, after: int, limit: int
) -> list[tuple[int, int, str, str]]:
    """Id, line, case and reason of lines of a kind that were kept for one of ``reasons`` since ``after``."""
    columns = (untold.c.id, untold.c.line_id, untold.c.rlts_traf_id, untold.c.reason)
    query = select(*columns).where(
        untold.c.id > after, untold.c.admdvs == admdvs, untold.c.kind == kind, untold.c.reason.in_(reasons)
    )
    rows = await connection.execute(query.order_by(untold.c.id).limit(limit))
    return [(row.id, row.line_id, row.rlts_traf_id, row.reason) for row in rows]


async def first_agency(connection: AsyncConnection, agencies: Collection[str]) -> str | None:
    """Whose finding has waited longest to be told, ``None`` where nothing waits."""
    query = select(untold.c.admdvs).where(untold.c.admdvs.in_(agencies)).order_by(untold.c.id).limit(1)
    found: str | None = await connection.scalar(query)
    return found


async def take_oldest(connection: AsyncConnection, admdvs: str, limit: int) -> list[Found]:
    """Up to ``limit`` findings of an agency, which the caller tells in this transaction."""
    return await _take(connection, _TAKE_OLDEST, {"admdvs": admdvs, "limit": limit})


async def take_of_cases(connection: AsyncConnection, admdvs: str, cases: Collection[str]) -> list[Found]:
    """Everything that was found of these cases, which the caller tells in this transaction."""
    return await _take(connection, _TAKE_CASES, {"admdvs": admdvs, "cases": sorted(cases)})


async def _take(connection: AsyncConnection, statement: TextClause, values: dict[str, Any]) -> list[Found]:
    rows = await connection.execute(statement, values)
    return [Found(**{name: getattr(row, name) for name in _NAMES}) for row in rows]
