"""Take into the books what the registry says anew of accounts that they know: name, bank, validity."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import bank_accounts
from ledger.use_cases.open_bank_accounts import told_accounts
from shared.registry.registry import Registry


async def renew_bank_accounts(connection: AsyncConnection, agencies: Sequence[str], registry: Registry) -> None:
    """Change the accounts that differ; what clerks say of an account, and its version, stay.

    Locks accounts, so it is not for a transaction that holds an agency's matching lock.
    """
    for admdvs in agencies:
        known = {account.bankacct: account for account in await bank_accounts.of_agency(connection, admdvs)}
        told = [one for one in told_accounts(admdvs, registry) if one["bankacct"] in known]
        changed = [
            one
            for one in told
            if any(getattr(known[one["bankacct"]], name) != one[name] for name in bank_accounts.FROM_REGISTRY)
        ]
        # In the order in which imports lock them.
        await bank_accounts.lock(connection, admdvs, [one["bankacct"] for one in changed])
        await bank_accounts.take_from_registry(connection, changed)
