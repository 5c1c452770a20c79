"""Warn at 80 % of the time and at overdue. A late case is marked where it is late, and never fails by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.history import Cause, Note, note
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import deadlines, histories, roll_up
from platform_gateway.repository import registry as registry_rows
from platform_gateway.repository.deadlines import Started
from platform_gateway.use_cases.accept_cases import start_clock
from shared.clock import local_date
from shared.law import design, law
from shared.messaging import feed
from shared.messaging.feed import FeedEntry
from shared.registry.registry import Registry
from shared.time_limits import ClockKind, TimeLimit

_TIMER = "timer"
_Key = tuple[str, str, int]
_FIRST: _Key = ("", "", 0)
_AGAIN = timedelta(hours=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


@design("warned at 80 % of the time; late is no fault of the case")
async def watch_deadlines(context: GatewayContext) -> int:
    """Mark clocks to be warned of and overdue ones, each once, in one transaction; how many were marked."""
    now = context.clock.now()
    today, limit = local_date(now), context.settings.timer_batch
    async with context.database.transaction() as connection:
        warned = await deadlines.take_to_warn(connection, today, now, limit)
        overdue = await deadlines.take_overdue(connection, today, now, limit)
        await _tell(context, connection, Note.DEADLINE_WARNED, [_told(row) for row in warned])
        await _tell(context, connection, Note.DEADLINE_OVERDUE, [_told(row) for row in overdue])
    return len(warned) + len(overdue)


class Recounting:
    """A worker's loop that counts provisional dates anew when the registry has changed, once after the start, and every
    hour: a clock that somebody else held at that moment was passed over.
    """

    def __init__(self) -> None:
        self._counting_by = -1
        self._began_at = _NEVER
        self._after: _Key | None = _FIRST

    async def turn(self, context: GatewayContext) -> bool:
        """Count a page of them; whether there may be more."""
        now = context.clock.now()
        async with context.database.connection() as connection:
            version = await registry_rows.version(connection)
        if version != self._counting_by or now - self._began_at >= _AGAIN:
            self._counting_by, self._began_at, self._after = version, now, _FIRST
        if self._after is not None:
            self._after = await _recount(context, self._after)
        return self._after is not None


@law("N8", "N9-1")
@design("due dates of years not published")
async def _recount(context: GatewayContext, after: _Key) -> _Key | None:
    """Count a page of provisional clocks anew: a year was not published then, or says otherwise now.

    The sides are told of running ones that have another last day. Where the next page begins, ``None`` after the last.
    """
    async with context.database.transaction() as connection:
        rows = await deadlines.provisional(connection, context.settings.timer_batch, after)
        if not rows:
            return None
        counted = _recounted(context, await context.registry.at(connection), rows)
        await deadlines.recount(connection, [started for _, started in counted])
        await roll_up.mark(connection, {row.rlts_traf_id for row, _ in counted}, context.clock.now())
        moved = [
            _told(row, clock.due_on)
            for row, (_, _, clock) in counted
            if clock.due_on != row.due_on and row.stopped_at is None
        ]
        await _tell(context, connection, Note.DEADLINE_MOVED, moved)
    is_last = len(rows) < context.settings.timer_batch
    return None if is_last else (rows[-1].rlts_traf_id, rows[-1].kind, rows[-1].sheet_version)


def _recounted(context: GatewayContext, registry: Registry, rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], Started]]:
    """Those of the clocks that are counted otherwise now. Each keeps the limit that it was started with."""
    found: list[tuple[Row[Any], Started]] = []
    for row in rows:
        limit = TimeLimit(ClockKind(row.kind), row.days, row.source)
        clock = start_clock(context, registry, limit, row.started_on)
        skipped = [day.isoformat() for day in clock.skipped]
        if not clock.is_provisional or (clock.due_on, skipped) != (row.due_on, row.skipped):
            found.append((row, (row.rlts_traf_id, row.sheet_version, clock)))
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """A clock that is told of, with its last day."""

    rlts_traf_id: str
    kind: str
    due_on: date


def _told(row: Row[Any], due_on: date | None = None) -> _Told:
    return _Told(row.rlts_traf_id, row.kind, due_on or row.due_on)


async def _tell(context: GatewayContext, connection: AsyncConnection, what: Note, clocks: Sequence[_Told]) -> None:
    if not clocks:
        return
    now = context.clock.now()
    cases = await case_rows.read(connection, {clock.rlts_traf_id for clock in clocks})
    await histories.append(
        connection,
        [note(cases[clock.rlts_traf_id], what, Cause(_TIMER, now, f"{clock.kind} {clock.due_on}")) for clock in clocks],
    )
    entries = [
        FeedEntry(
            admdvs,
            clock.rlts_traf_id,
            f"case.{what}",
            {"clock": clock.kind, "due_on": clock.due_on.isoformat(), "state": cases[clock.rlts_traf_id].state},
        )
        for clock in clocks
        for admdvs in sorted(cases[clock.rlts_traf_id].sides)
    ]
    await feed.append(connection, entries, now=now)
