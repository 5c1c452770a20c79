"""Due dates of an agency's cases: those to be counted, and what they were counted to.

``cases`` is the service's table of cases with ``clock_started_on``, ``clock_days``, ``total_days`` and ``warn_on``;
``due`` names its column of the stage's last day.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Table, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.due_dates import CountedDates, StageClock
from shared.clock import local_date
from shared.database.rowset import ROWS, rowset


async def lock_clocks(
    connection: AsyncConnection, cases: Table, *, with_provisional: bool, after: str, limit: int
) -> Sequence[StageClock]:
    """Up to ``limit`` clocks after a case number that have no day of warning yet, or also the provisional ones."""
    c = cases.c
    new = and_(c.clock_days.isnot(None), c.warn_on.is_(None))
    wanted = or_(new, c.is_due_provisional) if with_provisional else new
    columns = (c.rlts_traf_id, c.clock_started_on, c.clock_days, c.accepted_at, c.total_days)
    query = select(*columns).where(wanted, c.rlts_traf_id > after).order_by(c.rlts_traf_id).limit(limit)
    rows = await connection.execute(query.with_for_update())
    return [StageClock(row[0], row[1], row[2], local_date(row[3]), row[4]) for row in rows]


async def save_dates(connection: AsyncConnection, cases: Table, due: str, counted: Sequence[CountedDates]) -> None:
    """Replace the dates of cases that the caller has locked; a clock that there is not leaves its column alone."""
    if not counted:
        return
    names = ("rlts_traf_id", due, "warn_on", "total_due_on", "is_due_provisional")
    given = rowset(cases, names)
    rows = [{**asdict(dates), due: dates.due_on} for dates in counted]
    values = {name: func.coalesce(given.c[name], cases.c[name]) for name in names[1:]}
    statement = update(cases).where(cases.c.rlts_traf_id == given.c.rlts_traf_id).values(values)
    await connection.execute(statement, {ROWS: rows})
