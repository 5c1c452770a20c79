"""Due dates of an agency's cases: those to be counted, and what they were counted to.

The stage's table of cases has ``clock_started_on``, ``clock_days``, ``total_days`` and ``total_due_on`` as well.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.due_dates import CountedDates, StageClock
from shared.agency.repository.late_cases import Stage
from shared.clock import local_date
from shared.database.rowset import ROWS, rowset


async def lock_clocks(
    connection: AsyncConnection,
    stage: Stage,
    *,
    with_provisional: bool,
    reloaded_from: date | None,
    after: str,
    limit: int,
) -> Sequence[StageClock]:
    """Up to ``limit`` clocks after a case number that have no day of warning yet; ``with_provisional`` also the
    provisional ones, and from ``reloaded_from`` on also the running ones that end later: their years were loaded anew.
    """
    c = stage.cases.c
    wanted: list[ColumnElement[bool]] = [and_(c.clock_days.isnot(None), c.warn_on.is_(None))]
    if with_provisional:
        wanted.append(c.is_due_provisional)
    if reloaded_from is not None:
        ends_later = or_(c[stage.due] >= reloaded_from, c.total_due_on >= reloaded_from)
        wanted.append(and_(text(stage.running), ends_later))
    columns = (c.rlts_traf_id, c.clock_started_on, c.clock_days, c.accepted_at, c.total_days)
    query = select(*columns).where(or_(*wanted), c.rlts_traf_id > after).order_by(c.rlts_traf_id).limit(limit)
    rows = await connection.execute(query.with_for_update())
    return [StageClock(row[0], row[1], row[2], local_date(row[3]), row[4]) for row in rows]


async def save_dates(connection: AsyncConnection, stage: Stage, counted: Sequence[CountedDates]) -> None:
    """Replace the dates of cases that the caller has locked; a clock that there is not leaves its column alone."""
    if not counted:
        return
    cases = stage.cases
    names = ("rlts_traf_id", stage.due, "warn_on", "total_due_on", "is_due_provisional")
    given = rowset(cases, names)
    rows = [{**asdict(dates), stage.due: dates.due_on} for dates in counted]
    values = {name: func.coalesce(given.c[name], cases.c[name]) for name in names[1:]}
    statement = update(cases).where(cases.c.rlts_traf_id == given.c.rlts_traf_id).values(values)
    await connection.execute(statement, {ROWS: rows})
