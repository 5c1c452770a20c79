"""Balances on any day, from what each account moved on each day: some hundred rows a year, however many postings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.trial_balance import AccountMovement
from ledger.repository.books import ENTRIES, EntryRow, entry_of, entry_values

_SUMS = ("debit_before_fen", "credit_before_fen", "debit_fen", "credit_fen")
_BALANCES = text(
    """
    SELECT a.id, coalesce(sum(t.debit_fen), 0) AS debit_fen, coalesce(sum(t.credit_fen), 0) AS credit_fen
    FROM unnest(CAST(:ids AS bigint[])) AS a (id)
    LEFT JOIN account_turnover t ON t.account_id = a.id AND t.booking_date <= :at
    GROUP BY a.id
    """
)
_MOVEMENTS = text(
    """
    SELECT a.id AS account_id, a.fund, a.title, n.name, n.official_code, n.normal_side, b.bankacct,
           coalesce(sum(t.debit_fen) FILTER (WHERE t.booking_date < :since), 0) AS debit_before_fen,
           coalesce(sum(t.credit_fen) FILTER (WHERE t.booking_date < :since), 0) AS credit_before_fen,
           coalesce(sum(t.debit_fen) FILTER (WHERE t.booking_date >= :since), 0) AS debit_fen,
           coalesce(sum(t.credit_fen) FILTER (WHERE t.booking_date >= :since), 0) AS credit_fen
    FROM account a
    JOIN account_title n ON n.title = a.title
    LEFT JOIN bank_account b ON b.id = a.bank_account_id
    LEFT JOIN account_turnover t ON t.account_id = a.id AND t.booking_date <= :until
    WHERE a.admdvs = :admdvs
    GROUP BY a.id, n.title, b.id
    ORDER BY a.fund, a.id
    """
)
# One statement, so that what is booked meanwhile is either in all of it or in none.
_STATEMENT = text(
    """
    WITH brought AS (
        SELECT coalesce(sum(debit_fen), 0) AS brought_debit_fen, coalesce(sum(credit_fen), 0) AS brought_credit_fen
        FROM (
            SELECT debit_fen, credit_fen FROM account_turnover
            WHERE account_id = :account AND booking_date < :after_day
            UNION ALL
            SELECT amount_fen, 0 FROM posting
            WHERE debit_account = :account AND booking_date = :after_day AND id <= :after_id
            UNION ALL
            SELECT 0, amount_fen FROM posting
            WHERE credit_account = :account AND booking_date = :after_day AND id <= :after_id
        ) moved
    )
    SELECT * FROM brought LEFT JOIN ({entries}) entry ON true ORDER BY booking_date, id
    """.replace("{entries}", ENTRIES)
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Debits and credits of one account up to some point, in fen."""

    debit_fen: int
    credit_fen: int


async def balances(connection: AsyncConnection, ids: Sequence[int], at: date) -> dict[int, Totals]:
    """Debits and credits of accounts up to and with the day ``at``."""
    rows = await connection.execute(_BALANCES, {"ids": list(ids), "at": at})
    return {row.id: Totals(int(row.debit_fen), int(row.credit_fen)) for row in rows}


async def statement(
    connection: AsyncConnection, account_id: int, *, after: tuple[date, int], until: date, limit: int
) -> tuple[Totals, list[EntryRow]]:
    """What an account held through ``after`` (a day and posting), and up to ``limit + 1`` entries that follow."""
    rows = (await connection.execute(_STATEMENT, entry_values(account_id, after, until, limit))).all()
    brought = Totals(int(rows[0].brought_debit_fen), int(rows[0].brought_credit_fen))
    return brought, [entry_of(row) for row in rows if row.id is not None]


async def movements(connection: AsyncConnection, admdvs: str, since: date, until: date) -> list[AccountMovement]:
    """What every account of an agency brought into the days ``since`` to ``until``, and moved in them."""
    rows = await connection.execute(_MOVEMENTS, {"admdvs": admdvs, "since": since, "until": until})
    return [_movement(row) for row in rows]


def _movement(row: Row[Any]) -> AccountMovement:
    values = dict(row._mapping)
    for name in _SUMS:
        values[name] = int(values[name])
    return AccountMovement(**values)
