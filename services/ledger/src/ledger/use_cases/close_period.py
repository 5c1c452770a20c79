"""Close a month: no posting before its end any more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.periods import CheckCode, Closing, last_day_of, require_closable
from ledger.repository import periods
from ledger.repository.locks import lock_matching
from ledger.repository.periods import PeriodEvent
from ledger.use_cases.draw_vouchers import draw_vouchers
from ledger.use_cases.list_open_points import list_open_points
from shared.clock import local_date
from shared.web.etags import Expected


async def close_period(
    connection: AsyncConnection,
    admdvs: str,
    period: str,
    *,
    seen: Collection[CheckCode],
    reason: str | None,
    expected: Expected,
    by: str,
    now: datetime,
) -> Closing:
    """Draw what vouchers are due and close ``period``; raises ``PreconditionFailed`` and as ``require_closable``."""
    await lock_matching(connection, [admdvs])
    closing = await periods.closing_of(connection, admdvs)
    expected.require(closing.version)
    checklist = await list_open_points(connection, admdvs, period)
    first = await periods.first_period(connection, admdvs)
    require_closable(closing, period, first_period=first, today=local_date(now), checklist=checklist, seen=seen)
    await draw_vouchers(connection, admdvs, now=now)
    closed = Closing(last_day_of(period), by, closing.version + 1)
    await periods.save_closing(connection, admdvs, closed)
    shown = [{"code": item.code, "count": item.count, "amount_fen": item.amount_fen} for item in checklist]
    await periods.add_event(connection, admdvs, PeriodEvent(period, "closed", by, now, reason, shown))
    return closed
