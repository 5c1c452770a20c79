"""Recompute the balances of the account that has waited longest, and compare."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import balance_checks

log = structlog.get_logger(__name__)


async def check_next_account(connection: AsyncConnection, *, now: datetime, every: timedelta) -> bool:
    """Check one account whose last check is at least ``every`` old; says whether there was one."""
    account_id = await balance_checks.next_account(connection, now - every)
    if account_id is None:
        return False
    breaks = await balance_checks.check(connection, account_id, now)
    if breaks:
        log.error("balance_differs_from_journal", account_id=account_id, days=breaks)
    return True
