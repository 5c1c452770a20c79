"""Open the last closed month again, by another person and with a reason that is kept."""

from dataclasses import replace
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
    # Where a later month was closed by somebody else and opened again, this month still has its own closer.
    closer = await periods.closer_of(connection, admdvs, period) or closing.closed_by
    opened = Closing(reopened(replace(closing, closed_by=closer), period, by=by), closer, closing.version + 1)
    await periods.save_closing(connection, admdvs, opened)
    await periods.add_event(connection, admdvs, PeriodEvent(period, "reopened", by, now, reason, []))
    return opened
