"""Whether a bank account of an agency is still the one to pay from or to. A changed account is the main fraud."""

from collections.abc import Iterable
from datetime import date

from shared.law import design
from shared.registry.models import BankAccount


@design("an order whose account is no longer the agency's present one is held until a person has looked")
def is_present(accounts: Iterable[BankAccount], bankacct: str, on: date) -> bool:
    """Whether ``bankacct`` (as registered) is valid on the day, and no newer account of the same use is."""
    valid = [account for account in accounts if account.is_valid_on(on)]
    mine = [account for account in valid if account.bankacct == bankacct]
    return any(
        not any(other.use is account.use and other.valid_from > account.valid_from for other in valid)
        for account in mine
    )
