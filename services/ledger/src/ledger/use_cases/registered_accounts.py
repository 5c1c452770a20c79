"""Every agency's registered bank accounts by number: which bank holds one."""

from collections.abc import Mapping

from ledger.parsers.amounts import clean_account
from shared.registry.models import BankAccount
from shared.registry.registry import Registry


def registered_accounts(registry: Registry) -> Mapping[str, BankAccount]:
    """By cleaned number, the newest entry of each; those no longer valid too: an order keeps the account of its day."""
    accounts = [account for area in registry.snapshot.areas for account in area.bank_accounts]
    accounts.sort(key=lambda account: account.valid_from)
    return {clean_account(account.bankacct): account for account in accounts}
