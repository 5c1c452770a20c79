"""The registry that knows the accounts of a bank file, asked for anew where the copy at hand does not."""

from collections.abc import Iterable

from ledger.parsers.amounts import clean_account
from shared.registry.copy import RegistryCopy, RegistryMissing
from shared.registry.registry import Registry


async def find_registry(copy: RegistryCopy, admdvs: str, bankaccts: Iterable[str]) -> Registry:
    """The newest registry held; looks for a newer one first when the agency has no such account in it.

    An account that stays unknown is for the import to refuse. Raises ``RegistryMissing`` where there is none at all.
    """
    if not _knows(copy, admdvs, bankaccts):
        await copy.refresh_for_unknown()
    return copy.current


def _knows(copy: RegistryCopy, admdvs: str, bankaccts: Iterable[str]) -> bool:
    try:
        area = copy.current.area(admdvs)
    except RegistryMissing:
        return False
    known = {clean_account(account.bankacct) for account in area.bank_accounts} if area else set()
    return known.issuperset(bankaccts)
