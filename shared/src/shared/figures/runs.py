"""How far each agency's report of a day has come; ``schema.create`` makes the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_FIRST_LOOKS_BACK = timedelta(days=1)

_START = text(
    """
    INSERT INTO figures_run (admdvs, reported_on, since, started_at, after, part, case_count)
    SELECT a.admdvs, :today, coalesce(
               (SELECT started_at FROM figures_run r WHERE r.admdvs = a.admdvs ORDER BY reported_on DESC LIMIT 1),
               :earliest),
           :now, '', 0, 0
    FROM unnest(CAST(:agencies AS text[])) AS a (admdvs)
    ON CONFLICT DO NOTHING
    """
)
_NEXT = text(
    """
    SELECT admdvs, reported_on, since, started_at, after, part, case_count
    FROM figures_run WHERE finished_at IS NULL AND admdvs = ANY(:agencies)
    ORDER BY reported_on, admdvs LIMIT 1 FOR UPDATE SKIP LOCKED
    """
)
_ADVANCE = text(
    """
    UPDATE figures_run
    SET after = :after, part = part + :parts, case_count = case_count + :count, finished_at = :finished_at
    WHERE admdvs = :admdvs AND reported_on = :reported_on
    """
)


@dataclass(frozen=True, slots=True)
class FiguresRun:
    """One agency's report of one day: ``after`` is the last case reported, ``part`` how many parts have gone."""

    admdvs: str
    reported_on: date
    since: datetime
    started_at: datetime
    after: str
    part: int
    case_count: int


async def start(connection: AsyncConnection, agencies: Sequence[str], today: date, now: datetime) -> None:
    """Begin today's report of every agency that has none yet."""
    values = {"agencies": list(agencies), "today": today, "now": now, "earliest": now - _FIRST_LOOKS_BACK}
    await connection.execute(_START, values)


async def lock_next(connection: AsyncConnection, agencies: Sequence[str]) -> FiguresRun | None:
    """The oldest report that is not finished and that nobody else is at, locked."""
    row = (await connection.execute(_NEXT, {"agencies": list(agencies)})).one_or_none()
    return None if row is None else FiguresRun(**row._mapping)


async def advance(
    connection: AsyncConnection,
    run: FiguresRun,
    after: str,
    count: int,
    *,
    is_part: bool = True,
    finished_at: datetime | None = None,
) -> None:
    """Note that all cases up to ``after`` were looked at, and ``count`` of them told of, in one more part or none."""
    values = {"admdvs": run.admdvs, "reported_on": run.reported_on, "parts": int(is_part)}
    await connection.execute(_ADVANCE, values | {"after": after, "count": count, "finished_at": finished_at})
