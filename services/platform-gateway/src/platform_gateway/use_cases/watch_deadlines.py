"""Warn at 80 % of the time and at overdue. A late case is marked where it is late, and never fails by it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.deadlines import ClockKind, TimeLimit
from platform_gateway.domain.history import Cause, Note, note
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import deadlines, histories, roll_up
from platform_gateway.repository.deadlines import Started
from platform_gateway.use_cases.accept_cases import start_clock
from shared.clock import local_date
from shared.law import design
from shared.messaging import feed
from shared.messaging.feed import FeedEntry
from shared.registry.registry import Registry

_TIMER = "timer"


@design("warned at 80 % of the time; late is no fault of the case")
async def watch_deadlines(context: GatewayContext) -> int:
    """Mark clocks to be warned of and overdue ones, each once, in one transaction; how many were marked."""
    now = context.clock.now()
    today, limit = local_date(now), context.settings.timer_batch
    async with context.database.transaction() as connection:
        warned = await deadlines.take_to_warn(connection, today, now, limit)
        overdue = await deadlines.take_overdue(connection, today, now, limit)
        await _tell(context, connection, Note.DEADLINE_WARNED, warned)
        await _tell(context, connection, Note.DEADLINE_OVERDUE, overdue)
    return len(warned) + len(overdue)


async def recount_provisional(context: GatewayContext) -> int:
    """Count clocks anew that ran into a year not published then, page by page; how many dates became firm."""
    after, firm = ("", "", 0), 0
    while True:
        async with context.database.transaction() as connection:
            rows = await deadlines.provisional(connection, context.settings.timer_batch, after)
            if not rows:
                return firm
            registry = await context.registry.at(connection)
            counted = _recounted(context, registry, rows)
            await deadlines.recount(connection, counted)
            moved = {number for number, _, _ in counted}
            await roll_up.mark(connection, moved, context.clock.now())
            await _tell(context, connection, Note.DEADLINE_MOVED, [row for row in rows if row.rlts_traf_id in moved])
        firm += len(counted)
        if len(rows) < context.settings.timer_batch:
            return firm
        after = (rows[-1].rlts_traf_id, rows[-1].kind, rows[-1].sheet_version)


def _recounted(context: GatewayContext, registry: Registry, rows: Sequence[Row[Any]]) -> list[Started]:
    """Those of the clocks that are firm now. Each keeps the limit that it was started with."""
    found: list[Started] = []
    for row in rows:
        limit = TimeLimit(ClockKind(row.kind), row.days, row.source)
        clock = start_clock(context, registry, limit, row.started_on)
        if not clock.is_provisional:
            found.append((row.rlts_traf_id, row.sheet_version, clock))
    return found


async def _tell(context: GatewayContext, connection: AsyncConnection, what: Note, clocks: Iterable[Row[Any]]) -> None:
    rows = list(clocks)
    if not rows:
        return
    now = context.clock.now()
    cases = await case_rows.read(connection, {row.rlts_traf_id for row in rows})
    await histories.append(
        connection,
        [note(cases[row.rlts_traf_id], what, Cause(_TIMER, now, f"{row.kind} {row.due_on}")) for row in rows],
    )
    entries = [
        FeedEntry(
            admdvs,
            row.rlts_traf_id,
            f"case.{what}",
            {"clock": row.kind, "due_on": row.due_on.isoformat(), "state": cases[row.rlts_traf_id].state},
        )
        for row in rows
        for admdvs in sorted(cases[row.rlts_traf_id].sides)
    ]
    await feed.append(connection, entries, now=now)
