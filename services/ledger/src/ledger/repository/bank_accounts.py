"""Real bank accounts and the books that stand behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.titles import AccountRole, account_role
from ledger.tables import bank_account, statement, statement_line

FROM_REGISTRY = ("acctname", "bankcode", "valid_from", "valid_to")
"""What only the registry says of an account."""
_OPEN_BOOKS = text(
    """
    INSERT INTO account (admdvs, fund, title, bank_account_id)
    SELECT DISTINCT b.admdvs, b.fund, t.title, CAST(NULL AS bigint)
    FROM bank_account b CROSS JOIN account_title t
    WHERE b.admdvs = :admdvs AND t.title NOT IN ('income_deposit', 'expenditure_deposit')
    UNION ALL
    SELECT b.admdvs, b.fund, CASE WHEN b.is_treasury THEN 'treasury_deposit'
                                  WHEN b.hif_acct_type = '1' THEN 'income_deposit' ELSE 'expenditure_deposit' END, b.id
    FROM bank_account b
    WHERE b.admdvs = :admdvs
    ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True, slots=True)
class BankAccountRow:
    """One real account; ``version`` counts changes."""

    id: int
    admdvs: str
    fund: str
    bankacct: str
    acctname: str
    bankcode: str | None
    hif_acct_type: str
    use: str
    valid_from: date
    valid_to: date | None
    is_treasury: bool
    needs_funds: bool
    payment_form: str
    version: int

    @property
    def role(self) -> AccountRole:
        """What it is for."""
        return account_role(self.hif_acct_type, is_treasury=self.is_treasury)


async def add_missing(connection: AsyncConnection, accounts: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Add accounts that are not known yet; known ones keep what clerks set."""
    if accounts:
        rows = [{**account, "updated_at": now, "updated_by": "registry"} for account in accounts]
        await connection.execute(insert(bank_account).on_conflict_do_nothing(), rows)


async def take_from_registry(connection: AsyncConnection, accounts: Sequence[dict[str, Any]]) -> None:
    """Set name, bank and validity of known accounts to what the registry says now."""
    for account in accounts:
        told = {name: account[name] for name in FROM_REGISTRY}
        own = (bank_account.c.admdvs == account["admdvs"], bank_account.c.bankacct == account["bankacct"])
        await connection.execute(update(bank_account).where(*own).values(told))


async def has_lines(connection: AsyncConnection, bank_account_id: int) -> bool:
    """Whether any statement or old item of the account is kept."""
    query = select(statement.c.id).where(statement.c.bank_account_id == bank_account_id).limit(1)
    lines = select(statement_line.c.id).where(statement_line.c.bank_account_id == bank_account_id).limit(1)
    return await connection.scalar(query) is not None or await connection.scalar(lines) is not None


async def change(
    connection: AsyncConnection, admdvs: str, bankacct: str, values: dict[str, Any], *, by: str, now: datetime
) -> None:
    """Set what clerks may set of one account."""
    await connection.execute(
        update(bank_account)
        .where(bank_account.c.admdvs == admdvs, bank_account.c.bankacct == bankacct)
        .values(**values, version=bank_account.c.version + 1, updated_at=now, updated_by=by)
    )


async def open_books(connection: AsyncConnection, admdvs: str) -> None:
    """Make every account of the chart that the agency's bank accounts need and that is not there yet."""
    await connection.execute(_OPEN_BOOKS, {"admdvs": admdvs})


async def of_agency(connection: AsyncConnection, admdvs: str) -> list[BankAccountRow]:
    """All accounts of an agency, by number."""
    query = select(*_columns()).where(bank_account.c.admdvs == admdvs).order_by(bank_account.c.bankacct)
    return [BankAccountRow(**row._mapping) for row in await connection.execute(query)]


async def lock(connection: AsyncConnection, admdvs: str, numbers: Sequence[str]) -> dict[str, BankAccountRow]:
    """The agency's accounts among ``numbers``, by number, locked: one statement of an account at a time.

    To be taken before the agency's matching lock. What only refers to an account does not wait for it.
    """
    query = (
        select(*_columns())
        .where(bank_account.c.admdvs == admdvs, bank_account.c.bankacct.in_(numbers))
        .order_by(bank_account.c.id)
        .with_for_update(key_share=True)
    )
    return {row.bankacct: BankAccountRow(**row._mapping) for row in await connection.execute(query)}


def _columns() -> list[Any]:
    return [bank_account.c[name] for name in BankAccountRow.__dataclass_fields__]
