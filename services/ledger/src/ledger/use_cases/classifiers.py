"""The rules that class the lines of an agency's accounts, as they stand now."""

from collections.abc import Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.line_classes import Classifier
from ledger.parsers.amounts import clean_account
from ledger.parsers.line_rules import parse_rules, shipped_rules
from ledger.repository import bank_accounts, line_rules
from ledger.repository.bank_accounts import BankAccountRow
from shared.registry.registry import Registry


async def classifiers(
    connection: AsyncConnection, admdvs: str, accounts: Collection[BankAccountRow], registry: Registry
) -> tuple[Mapping[int, Classifier], int]:
    """A classifier for each of the agency's ``accounts`` by its id, and the version of the rules."""
    stored = await line_rules.newest(connection, admdvs)
    documents = shipped_rules() if stored is None else parse_rules(stored.rules)
    rules = [document.rule() for document in documents]
    own = {account.bankacct: account.role for account in await bank_accounts.of_agency(connection, admdvs)}
    agencies = _registered(registry, admdvs)
    made = {
        account.id: Classifier(account.bankacct, account.role, account.use == "dedicated", rules, own, agencies)
        for account in accounts
    }
    return made, 0 if stored is None else stored.version


def _registered(registry: Registry, admdvs: str) -> frozenset[str]:
    """Every registered account of other agencies."""
    areas = (area for area in registry.snapshot.areas if area.admdvs != admdvs)
    return frozenset(clean_account(account.bankacct) for area in areas for account in area.bank_accounts)
