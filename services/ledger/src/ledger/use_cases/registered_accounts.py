"""Agencies' registered bank accounts: which bank holds one, whom money goes to, and the way that it goes."""

from collections.abc import Mapping
from datetime import date

from ledger.domain.payable import Account, Route
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


def route(payer: Account | BankAccount, payee: Account | BankAccount) -> Route:
    """The way between two accounts."""
    return Route(clean_account(payer.bankacct), clean_account(payee.bankacct), payee.acctname, payee.bankcode)


def way_back(registry: Registry, trafout_admdvs: str, trafin_admdvs: str, on: date) -> Route | None:
    """From the payee's paying account to the payer's receiving one, as registered on a day; ``None`` without either."""
    payer = registry.bank_account(trafin_admdvs, AccountUse.PAYER, on)
    payee = registry.bank_account(trafout_admdvs, AccountUse.RECEIVER, on)
    return None if payer is None or payee is None else route(payer, payee)
