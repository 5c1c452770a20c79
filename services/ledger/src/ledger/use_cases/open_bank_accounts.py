"""Take the agency's bank accounts from the registry, and open the books behind them."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.titles import EMPLOYEE_FUND, HifAcctType
from ledger.parsers.amounts import clean_account
from ledger.repository import bank_accounts
from shared.registry.models import AccountUse, BankAccount
from shared.registry.registry import Registry


async def open_bank_accounts(
    connection: AsyncConnection, admdvs: str, registry: Registry, *, now: datetime
) -> list[bank_accounts.BankAccountRow]:
    """All bank accounts of the agency, those included that the registry has named since.

    Only accounts in the signed registry are ever opened: a clerk may say what one is for, not invent one.
    """
    known = {account.bankacct for account in await bank_accounts.of_agency(connection, admdvs)}
    missing = [account for account in told_accounts(admdvs, registry) if account["bankacct"] not in known]
    await bank_accounts.add_missing(connection, missing, now=now)
    if missing:
        await bank_accounts.open_books(connection, admdvs)
    return await bank_accounts.of_agency(connection, admdvs)


def told_accounts(admdvs: str, registry: Registry) -> list[dict[str, Any]]:
    """The agency's accounts as the registry names them, each once, by number."""
    area = registry.area(admdvs)
    registered = _by_number(area.bank_accounts if area else ())
    return [_new_account(admdvs, number, same) for number, same in sorted(registered.items())]


def account_type(same: list[BankAccount]) -> HifAcctType:
    """收入户 where only received on, 支出户 where only paid from, 收支户 for both; the registry's own word first."""
    stated = next((account.hif_acct_type for account in same if account.hif_acct_type is not None), None)
    if stated is not None:
        return HifAcctType(stated)
    uses = {account.use for account in same}
    if len(uses) > 1:
        return HifAcctType.BOTH
    return HifAcctType.EXPENDITURE if uses == {AccountUse.PAYER} else HifAcctType.INCOME


def _by_number(accounts: tuple[BankAccount, ...]) -> dict[str, list[BankAccount]]:
    found: dict[str, list[BankAccount]] = {}
    for account in accounts:
        found.setdefault(clean_account(account.bankacct), []).append(account)
    return found


def _new_account(admdvs: str, number: str, same: list[BankAccount]) -> dict[str, Any]:
    newest = max(same, key=lambda account: account.valid_from)
    return {
        "admdvs": admdvs,
        "fund": EMPLOYEE_FUND,
        "bankacct": number,
        "acctname": newest.acctname,
        "bankcode": newest.bankcode,
        "hif_acct_type": account_type(same).value,
        "valid_from": min(account.valid_from for account in same),
        "valid_to": newest.valid_to,
    }
