"""Put applications down as cases: the first of the two commits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, HistoryEntry, move
from platform_gateway.domain.states import Command
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import histories, roll_up
from platform_gateway.use_cases.changes import Changes, save_changes


async def lodge_cases(
    connection: AsyncConnection, context: GatewayContext, cases: Sequence[Case], *, asked_now: bool
) -> None:
    """Insert cases that are to be checked. One whose relation has an open case already becomes a duplicate.

    ``asked_now``: the caller asks both sides itself, so the worker leaves the cases alone for the lease.
    """
    if not cases:
        return
    now = context.clock.now()
    next_check_at = now + context.settings.check_lease if asked_now else now
    due = [replace(case, next_check_at=next_check_at, check_attempts=int(asked_now)) for case in cases]
    opened = await case_rows.insert_open(connection, due)
    late = [case for case in due if case.rlts_traf_id not in opened]
    if late and await _supersede(connection, context, late, now):
        opened = await case_rows.insert_open(connection, late)
        late = [case for case in late if case.rlts_traf_id not in opened]
    await case_rows.insert(connection, [replace(case, is_duplicate=True) for case in late])
    await histories.append(connection, [_lodged(case, now) for case in due])
    await roll_up.mark(connection, [case.rlts_traf_id for case in due], now)


async def _supersede(
    connection: AsyncConnection, context: GatewayContext, cases: Sequence[Case], now: datetime
) -> bool:
    """Withdraw open cases of the same relations that no side has answered for too long; says whether there were any."""
    relations = {(case.person_key, case.trafout_admdvs, case.trafout_insutype) for case in cases}
    limit = timedelta(hours=context.settings.checking_limit_hours)
    stale = await case_rows.superseded(connection, relations, now - limit)
    if not stale:
        return False
    changes = Changes()
    for case in stale.values():
        moved, entries = move(case, Command.SUPERSEDE, Cause("platform", now, reason="superseded"))
        changes.put(replace(moved, next_check_at=None), entries)
    await save_changes(connection, context, changes, now)
    return True


def _lodged(case: Case, now: datetime) -> HistoryEntry:
    return HistoryEntry(case.rlts_traf_id, Command.APPLY, None, case.state, Cause(case.applicant_subject, now))
