"""Look whether the statements of accounts follow each other, and whether they show what was notified."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import SYSTEM, AlertKind, Finding
from ledger.repository import alerts, continuity
from ledger.repository.bank_accounts import BankAccountRow
from ledger.use_cases.raise_alerts import raise_alerts
from shared.money import format_yuan

_CLOSED = "缺少或更正的对账单已经导入，余额衔接"
_CONFIRMED = "银行通知过的款项已经出现在对账单中"


async def check_continuity(
    connection: AsyncConnection, admdvs: str, accounts: Collection[BankAccountRow], *, now: datetime
) -> None:
    """Raise an alert for each break between neighbours, and settle those that a statement in between has closed."""
    found = [one.finding(admdvs) for one in await continuity.breaks(connection, [account.id for account in accounts])]
    await _settle_mended(connection, admdvs, AlertKind.STATEMENT_GAP, accounts, found, reason=_CLOSED, now=now)
    await raise_alerts(connection, found, now=now)


async def check_notices(
    connection: AsyncConnection, admdvs: str, accounts: Collection[BankAccountRow], *, now: datetime
) -> None:
    """Raise an alert for each statement whose days lack what was notified, and settle those whose money has come.

    Who settles an alert by hand holds the agency's matching lock: the caller has it, or does not take it after this.
    """
    found = [
        Finding(
            admdvs,
            AlertKind.NOTICE_UNCONFIRMED,
            str(one.statement_id),
            {"bankacct": one.bankacct, "line_count": one.line_count, "amount": format_yuan(one.amount_fen)},
        )
        for one in await continuity.unconfirmed(connection, [account.id for account in accounts])
    ]
    await _settle_mended(connection, admdvs, AlertKind.NOTICE_UNCONFIRMED, accounts, found, reason=_CONFIRMED, now=now)
    await raise_alerts(connection, found, now=now)


async def _settle_mended(
    connection: AsyncConnection,
    admdvs: str,
    kind: AlertKind,
    accounts: Collection[BankAccountRow],
    found: Sequence[Finding],
    *,
    reason: str,
    now: datetime,
) -> None:
    broken, numbers = {one.subject for one in found}, {account.bankacct for account in accounts}
    await alerts.settle_mended(connection, admdvs, kind, numbers, broken=broken, by=SYSTEM, reason=reason, now=now)
