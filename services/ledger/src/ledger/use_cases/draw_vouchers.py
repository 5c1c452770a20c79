"""Draw vouchers for the general ledger: each posting is in exactly one."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import vouchers
from ledger.repository.locks import lock_matching
from shared.clock import local_date


async def draw_vouchers(connection: AsyncConnection, admdvs: str, *, now: datetime) -> int:
    """Make the vouchers that are due; how many. Postings that come later for a day go to a further voucher of it."""
    await lock_matching(connection, [admdvs])
    return await vouchers.draw(connection, admdvs, today=local_date(now), now=now)


async def draw_daily_vouchers(connection: AsyncConnection, admdvs: str, *, now: datetime) -> int:
    """``draw_vouchers``, unless the day's run has been made."""
    if await vouchers.ran_on(connection, admdvs) == local_date(now):
        return 0
    return await draw_vouchers(connection, admdvs, now=now)
