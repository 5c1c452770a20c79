"""Statements of an account beside each other, and beside what was notified."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.continuity import Break

_BREAKS = text(
    """
    SELECT told.id AS statement_id, b.bankacct, told.period_from, told.opening_fen, told.previous_to,
           told.previous_closing_fen
    FROM (
        SELECT id, bank_account_id, period_from, opening_fen, lag(period_to) OVER days AS previous_to,
               lag(closing_fen) OVER days AS previous_closing_fen
        FROM statement_now WHERE bank_account_id = ANY(:ids)
        WINDOW days AS (PARTITION BY bank_account_id ORDER BY period_from, id)
    ) told
    JOIN bank_account b ON b.id = told.bank_account_id
    WHERE told.previous_closing_fen <> told.opening_fen
    ORDER BY told.id
    """
)
_UNCONFIRMED = text(
    """
    SELECT n.stated_by AS statement_id, b.bankacct, count(*) AS line_count, sum(n.amount_fen) AS amount_fen
    FROM (
        SELECT n.bank_account_id, n.amount_fen, min(s.id) AS stated_by
        FROM notice_line n
        JOIN statement s ON s.bank_account_id = n.bank_account_id AND n.booked_on BETWEEN s.period_from AND s.period_to
        WHERE n.bank_account_id = ANY(:ids) AND n.statement_id IS NULL
        GROUP BY n.id
    ) n
    JOIN bank_account b ON b.id = n.bank_account_id
    GROUP BY n.stated_by, b.bankacct
    ORDER BY n.stated_by
    """
)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """How much was notified for a statement's days that it does not show."""

    statement_id: int
    bankacct: str
    line_count: int
    amount_fen: int


async def breaks(connection: AsyncConnection, bank_account_ids: Sequence[int]) -> list[Break]:
    """Where neighbouring statements of these accounts do not meet."""
    rows = await connection.execute(_BREAKS, {"ids": list(bank_account_ids)})
    return [Break(**row._mapping) for row in rows]


async def unconfirmed(connection: AsyncConnection, bank_account_ids: Sequence[int]) -> list[Unconfirmed]:
    """What was notified for days that are stated without it; once, however many parts their statements came in."""
    rows = await connection.execute(_UNCONFIRMED, {"ids": list(bank_account_ids)})
    return [Unconfirmed(**{**row._mapping, "amount_fen": int(row.amount_fen)}) for row in rows]
