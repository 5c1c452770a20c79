"""Open the last closed month again, by another person and with a reason that is kept."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.periods import Closing, reopened
from ledger.repository import periods
from ledger.repository.locks import lock_matching
from ledger.repository.periods import PeriodEvent
from shared.web.etags import Expected


async def reopen_period(
    connection: AsyncConnection, admdvs: str, period: str, *, reason: str, expected: Expected, by: str, now: datetime
) -> Closing:
    """The closing as it is then; raises ``PreconditionFailed``, ``PeriodNotReopenable``, ``SecondPersonNeeded``."""
    await lock_matching(connection, [admdvs])
    closing = await periods.closing_of(connection, admdvs)
    expected.require(closing.version)
    opened = Closing(reopened(closing, period, by=by), closing.closed_by, closing.version + 1)
    await periods.save_closing(connection, admdvs, opened)
    await periods.add_event(connection, admdvs, PeriodEvent(period, "reopened", by, now, reason, []))
    return opened
