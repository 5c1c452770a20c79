"""Hold orders whose bank account the registry has changed since they were sealed, and raise an alert."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.accounts_changed import is_present
from ledger.domain.alerts import AlertKind, Finding
from ledger.domain.orders import OrderState
from ledger.parsers.amounts import clean_account
from ledger.repository import order_blocks, orders
from ledger.repository.locks import lock_matching
from ledger.repository.order_blocks import AccountInUse
from ledger.use_cases.raise_alerts import raise_alerts
from shared.clock import local_date
from shared.registry.registry import Registry


async def watch_accounts(
    connection: AsyncConnection, agencies: Sequence[str], registry: Registry, *, now: datetime
) -> None:
    """Orders keep the account that stood at sealing; whether it is still right, a person says.

    A released one stays released, and does not leave in a file until then (``let_leave``); the bank has to be asked
    about one that has left.
    """
    changed = await _changed(connection, agencies, registry, local_date(now))
    if not changed:
        return
    await lock_matching(connection, {account.admdvs for account in changed})
    for account in await _changed(connection, agencies, registry, local_date(now)):
        held = await order_blocks.hold(connection, account, now=now)
        unreleased = [order_id for order_id, before in held.items() if before != OrderState.RELEASED]
        await orders.set_states(connection, dict.fromkeys(unreleased, OrderState.HELD.value))
        if held:
            await raise_alerts(connection, [_finding(account)], now=now)


async def _changed(
    connection: AsyncConnection, agencies: Sequence[str], registry: Registry, today: date
) -> list[AccountInUse]:
    in_use = await order_blocks.accounts_in_use(connection, agencies)
    return [account for account in in_use if not _is_present(account, registry, today)]


def _is_present(account: AccountInUse, registry: Registry, today: date) -> bool:
    area = registry.area(account.owner)
    registered = [
        one.model_copy(update={"bankacct": clean_account(one.bankacct)}) for one in (area.bank_accounts if area else ())
    ]
    return is_present(registered, account, today)


def _finding(account: AccountInUse) -> Finding:
    data = {"owner": account.owner, "bankacct": account.bankacct}
    return Finding(account.admdvs, AlertKind.ACCOUNT_CHANGED, account.subject, data)
