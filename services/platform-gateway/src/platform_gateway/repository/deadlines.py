"""The clocks of the cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, func, null, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.deadlines import Deadline
from platform_gateway.tables import deadline
from shared.database.rowset import ROWS, insert_rows, rowset
from shared.time_limits import ClockKind

_NAMES = (
    "rlts_traf_id",
    "kind",
    "sheet_version",
    "started_on",
    "days",
    "due_on",
    "warn_on",
    "is_provisional",
    "skipped",
    "source",
    "readings",
)
_KEY = ("rlts_traf_id", "kind", "sheet_version")
_INSERT = insert_rows(deadline, _NAMES)
_OF_IDS = deadline.c.rlts_traf_id == func.any(bindparam("ids"))
_STOP = (
    update(deadline)
    .where(_OF_IDS, deadline.c.kind == func.any(bindparam("kinds")), deadline.c.stopped_at.is_(None))
    .values(stopped_at=bindparam("at"))
)
_LISTED = select(deadline).where(_OF_IDS).order_by(deadline.c.rlts_traf_id, deadline.c.sheet_version, deadline.c.kind)

Started = tuple[str, int, Deadline]
"""Case number, the sheet version that started the clock (0 at acceptance), the clock."""


async def start(connection: AsyncConnection, started: Sequence[Started]) -> None:
    """Start clocks."""
    if started:
        await connection.execute(_INSERT, {ROWS: [_row(*each) for each in started]})


async def stop(connection: AsyncConnection, ids: Collection[str], kinds: Collection[ClockKind], at: datetime) -> None:
    """Stop the running clocks of ``kinds`` of the cases ``ids``."""
    if ids:
        await connection.execute(_STOP, {"ids": list(ids), "kinds": [kind.value for kind in kinds], "at": at})


async def of_cases(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, list[Row[Any]]]:
    """All clocks of the cases ``ids``, in the order they were started."""
    found: dict[str, list[Row[Any]]] = {number: [] for number in ids}
    for row in await connection.execute(_LISTED, {"ids": list(ids)}) if ids else ():
        found[row.rlts_traf_id].append(row)
    return found


async def take_to_warn(connection: AsyncConnection, today: date, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Mark up to ``limit`` running clocks as warned whose day of warning has come."""
    return await _take(
        connection,
        (deadline.c.warned_at.is_(None), deadline.c.warn_on <= today, deadline.c.due_on >= today),
        {"warned_at": now},
        limit,
    )


async def take_overdue(connection: AsyncConnection, today: date, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Mark up to ``limit`` running clocks as overdue whose last day has passed."""
    return await _take(
        connection, (deadline.c.overdue_at.is_(None), deadline.c.due_on < today), {"overdue_at": now}, limit
    )


async def provisional(connection: AsyncConnection, limit: int, after: tuple[str, str, int]) -> Sequence[Row[Any]]:
    """Up to ``limit`` clocks counted on a calendar not yet published, by key, locked: stopped ones too, of which it is
    still open whether they were in time.
    """
    query = (
        select(deadline)
        .where(
            deadline.c.is_provisional,
            tuple_(deadline.c.rlts_traf_id, deadline.c.kind, deadline.c.sheet_version) > tuple_(*after),
        )
        .order_by(deadline.c.rlts_traf_id, deadline.c.kind, deadline.c.sheet_version)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list((await connection.execute(query)).all())


_RECOUNTED = ("rlts_traf_id", "kind", "sheet_version", "due_on", "warn_on", "is_provisional", "skipped")
_TOLD = ("warned_at", "overdue_at")
_given = rowset(deadline, _RECOUNTED)
_RECOUNT = (
    update(deadline)
    .where(*(deadline.c[name] == _given.c[name] for name in _KEY))
    .values({name: _given.c[name] for name in _RECOUNTED[3:]})
    .values({name: case((deadline.c.due_on == _given.c.due_on, deadline.c[name]), else_=null()) for name in _TOLD})
)


async def doubt(connection: AsyncConnection, years: Collection[int]) -> None:
    """Make the running clocks provisional that touch one of ``years``: what is a working day in it has changed."""
    touches = [
        (deadline.c.due_on >= date(year, 1, 1)) & (deadline.c.started_on <= date(year, 12, 31)) for year in years
    ]
    if touches:
        running = deadline.c.stopped_at.is_(None)
        await connection.execute(update(deadline).where(running, or_(*touches)).values(is_provisional=True))


async def recount(connection: AsyncConnection, counted: Sequence[Started]) -> None:
    """Replace the dates of clocks that were counted anew; nobody has been told of another last day yet."""
    if counted:
        rows = [{name: _row(*each)[name] for name in _RECOUNTED} for each in counted]
        await connection.execute(_RECOUNT, {ROWS: rows})


async def count_late(connection: AsyncConnection, today: date) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many running clocks of each kind are due soon, and how many are past their last day (for the metrics)."""
    is_late = deadline.c.due_on < today
    query = (
        select(deadline.c.kind, is_late.label("is_late"), func.count().label("clocks"))
        .where(deadline.c.stopped_at.is_(None), deadline.c.warn_on <= today)
        .group_by(deadline.c.kind, is_late)
    )
    rows = (await connection.execute(query)).all()
    due_soon, late = ({row.kind: row.clocks for row in rows if row.is_late is which} for which in (False, True))
    return due_soon, late


async def _take(
    connection: AsyncConnection, conditions: Sequence[Any], values: Mapping[str, datetime], limit: int
) -> Sequence[Row[Any]]:
    key = tuple_(deadline.c.rlts_traf_id, deadline.c.kind, deadline.c.sheet_version)
    chosen = (
        select(deadline.c.rlts_traf_id, deadline.c.kind, deadline.c.sheet_version)
        .where(deadline.c.stopped_at.is_(None), *conditions)
        .order_by(deadline.c.rlts_traf_id, deadline.c.kind, deadline.c.sheet_version)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    mark = update(deadline).where(key.in_(chosen)).values(values).returning(*deadline.columns)
    return (await connection.execute(mark)).all()


def _row(rlts_traf_id: str, sheet_version: int, clock: Deadline) -> dict[str, Any]:
    return {
        "rlts_traf_id": rlts_traf_id,
        "kind": clock.limit.kind,
        "sheet_version": sheet_version,
        "started_on": clock.started_on,
        "days": clock.limit.days,
        "due_on": clock.due_on,
        "warn_on": clock.warn_on,
        "is_provisional": clock.is_provisional,
        "skipped": clock.skipped,
        "source": clock.limit.source,
        "readings": [asdict(reading) for reading in clock.limit.readings],
    }
