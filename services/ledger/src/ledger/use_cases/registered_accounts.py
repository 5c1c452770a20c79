"""Agencies' registered bank accounts by number: which bank holds one, whom money goes to."""

from collections.abc import Mapping
from datetime import date

from ledger.domain.refunds import Payee
from ledger.parsers.amounts import clean_account
from shared.registry.models import AccountUse, BankAccount
from shared.registry.registry import Registry


def registered_accounts(registry: Registry) -> Mapping[str, BankAccount]:
    """By cleaned number, the newest entry of each; those no longer valid too: an order keeps the account of its day."""
    accounts = [account for area in registry.snapshot.areas for account in area.bank_accounts]
    accounts.sort(key=lambda account: account.valid_from)
    return {clean_account(account.bankacct): account for account in accounts}


def payees_of(registry: Registry, admdvs: str, on: date, use: AccountUse | None = None) -> dict[str, Payee]:
    """By cleaned number: whom the accounts belong to that are the agency's on a day, those of one ``use`` or all."""
    area = registry.area(admdvs)
    accounts = [account for account in (area.bank_accounts if area else ()) if account.is_valid_on(on)]
    payees = [
        Payee(clean_account(account.bankacct), account.acctname, account.bankcode)
        for account in accounts
        if use is None or account.use is use
    ]
    return {payee.bankacct: payee for payee in payees}
