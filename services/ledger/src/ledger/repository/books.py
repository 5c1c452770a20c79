"""Reading the books: accounts and entries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.tables import account, account_title, bank_account

ENTRIES = """
    SELECT * FROM (
        (SELECT p.*, 'debit' AS side, credit_account AS other_account FROM posting p
         WHERE p.debit_account = :account AND (p.booking_date, p.id) > (:after_day, :after_id)
           AND p.booking_date <= :until
         ORDER BY p.booking_date, p.id LIMIT :limit)
        UNION ALL
        (SELECT p.*, 'credit', debit_account FROM posting p
         WHERE p.credit_account = :account AND (p.booking_date, p.id) > (:after_day, :after_id)
           AND p.booking_date <= :until
         ORDER BY p.booking_date, p.id LIMIT :limit)
    ) entry
    ORDER BY booking_date, id LIMIT :limit
    """
"""An account's entries after a (day, posting), oldest first; takes what ``entry_values`` makes."""
_ENTRIES = text(ENTRIES)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of an agency's books."""

    id: int
    fund: str
    title: str
    name: str
    official_code: str
    normal_side: str
    bankacct: str | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A posting as one of its two accounts sees it."""

    id: int
    side: str
    other_account: int
    amount_fen: int
    booking_date: date
    effective_date: date
    dimension: str
    cause: str
    cause_id: int
    rlts_traf_id: str | None
    reverses: int | None
    reason: str | None
    recorded_at: datetime


async def accounts(connection: AsyncConnection, admdvs: str, account_id: int | None = None) -> list[AccountRow]:
    """All accounts of an agency in the chart's order, or the one asked for."""
    columns = (account.c.id, account.c.fund, account.c.title, account_title.c.name, account_title.c.official_code)
    joined = account.join(account_title).outerjoin(bank_account, bank_account.c.id == account.c.bank_account_id)
    query: Any = select(*columns, account_title.c.normal_side, bank_account.c.bankacct).select_from(joined)
    query = query.where(account.c.admdvs == admdvs).order_by(account.c.id)
    if account_id is not None:
        query = query.where(account.c.id == account_id)
    return [AccountRow(**row._mapping) for row in await connection.execute(query)]


async def entries(
    connection: AsyncConnection, account_id: int, *, after: tuple[date, int], until: date, limit: int
) -> list[EntryRow]:
    """Entries of an account after a (day, posting) and up to a day, oldest first, up to ``limit + 1``."""
    rows = await connection.execute(_ENTRIES, entry_values(account_id, after, until, limit))
    return [entry_of(row) for row in rows]


def entry_values(account_id: int, after: tuple[date, int], until: date, limit: int) -> dict[str, object]:
    """The parameters of ``ENTRIES``: one more than ``limit`` shows whether a page follows."""
    return {
        "account": account_id,
        "after_day": after[0],
        "after_id": after[1],
        "until": until,
        "limit": limit + 1,
    }


def entry_of(row: Row[Any]) -> EntryRow:
    """An entry from a row of ``ENTRIES``."""
    return EntryRow(**{name: row._mapping[name] for name in EntryRow.__dataclass_fields__})
