"""Look whether the statements of accounts follow each other, and whether they show what was notified."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import SYSTEM, AlertKind, Finding
from ledger.repository import alerts, continuity
from ledger.repository.bank_accounts import BankAccountRow
from ledger.use_cases.raise_alerts import raise_alerts
from shared.money import format_yuan

_CLOSED = "缺少的对账单已经导入，余额衔接"


async def check_continuity(
    connection: AsyncConnection, admdvs: str, accounts: Collection[BankAccountRow], *, now: datetime
) -> None:
    """Raise an alert for each break between neighbours, and settle those that a statement in between has closed."""
    breaks = await continuity.breaks(connection, [account.id for account in accounts])
    broken = {str(one.statement_id) for one in breaks}
    numbers = {account.bankacct for account in accounts}
    await alerts.settle_gaps(connection, admdvs, numbers, broken=broken, by=SYSTEM, reason=_CLOSED, now=now)
    await raise_alerts(connection, [one.finding(admdvs) for one in breaks], now=now)


async def check_notices(
    connection: AsyncConnection, admdvs: str, accounts: Collection[BankAccountRow], *, now: datetime
) -> None:
    """Raise an alert for each statement whose days lack what was notified for them."""
    found = [
        Finding(
            admdvs,
            AlertKind.NOTICE_UNCONFIRMED,
            str(one.statement_id),
            {"bankacct": one.bankacct, "line_count": one.line_count, "amount": format_yuan(one.amount_fen)},
        )
        for one in await continuity.unconfirmed(connection, [account.id for account in accounts])
    ]
    await raise_alerts(connection, found, now=now)
