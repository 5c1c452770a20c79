"""Whether a bank account of an agency is still the one to pay from or to. A changed account is the main fraud."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from shared.law import design
from shared.registry.models import BankAccount


class UsedAccount(Protocol):
    """An account as orders keep it; ``acctname`` and ``bankcode`` are ``None`` where they keep the number alone."""

    @property
    def bankacct(self) -> str: ...
    @property
    def acctname(self) -> str | None: ...
    @property
    def bankcode(self) -> str | None: ...


@design("an order whose account is no longer the agency's present one is held until a person has looked")
def is_present(accounts: Iterable[BankAccount], used: UsedAccount, on: date) -> bool:
    """Whether ``used`` (cleaned, like the numbers of ``accounts``) is valid on the day as it stood when it was sealed.

    Not so where a newer account of the same use is, nor where the number stayed and its bank or its name changed.
    """
    valid = [account for account in accounts if account.is_valid_on(on)]
    mine = [account for account in valid if _is_the_same(account, used)]
    return any(
        not any(other.use is account.use and other.valid_from > account.valid_from for other in valid)
        for account in mine
    )


def entry_of(entries: Iterable[BankAccount], on: date) -> BankAccount | None:
    """What the registry says of an account on a day, where its bank or its name has changed: the newest of its
    entries that are valid then; where none is, the newest of all, for an order keeps the account of its day.
    """
    return max(entries, key=lambda entry: (entry.is_valid_on(on), entry.valid_from), default=None)


def _is_the_same(account: BankAccount, used: UsedAccount) -> bool:
    return (
        account.bankacct == used.bankacct
        and used.acctname in (None, account.acctname)
        and used.bankcode in (None, account.bankcode)
    )
