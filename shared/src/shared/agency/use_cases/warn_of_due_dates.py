"""Tell an agency in its own feed, once that a case is due soon and once that it is overdue. No case changes by it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from shared.agency.repository.late_cases import Stage, take_due_soon, take_overdue
from shared.clock import local_date
from shared.database import Database
from shared.law import design
from shared.messaging import feed
from shared.messaging.feed import FeedEntry

_PAGE = 500


@design("warned at 80 % of the time; late is no fault of the case")
async def warn_of_due_dates(database: Database, stage: Stage, now: datetime) -> bool:
    """Write up to a page of ``case.deadline_warned`` and of ``case.deadline_overdue``; whether there may be more."""
    today = local_date(now)
    async with database.transaction() as connection:
        due_soon = await take_due_soon(connection, stage, today, _PAGE)
        overdue = await take_overdue(connection, stage, today, _PAGE)
        warnings = _entries(stage, "case.deadline_warned", due_soon)
        calls = _entries(stage, "case.deadline_overdue", overdue)
        await feed.append(connection, [*warnings, *calls], now=now)
    return _PAGE in (len(due_soon), len(overdue))


def _entries(stage: Stage, what: str, cases: Iterable[Row[Any]]) -> Iterable[FeedEntry]:
    for row in cases:
        told = {"clock": stage.clock, "due_on": row.due_on.isoformat(), "state": row.state}
        yield FeedEntry(row.admdvs, row.rlts_traf_id, what, told)
