"""Statements of an account beside each other, and beside what was notified."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.continuity import Neighbours, Numbering

_BREAKS = text(
    """
    WITH told AS (
        SELECT n.id, n.bank_account_id, n.period_from, n.period_to, n.opening_fen, s.sequence_no,
               lag(n.period_to) OVER days AS previous_to, lag(n.closing_fen) OVER days AS previous_closing_fen
        FROM statement_now n JOIN statement s ON s.id = n.id
        WHERE n.bank_account_id = ANY(:ids)
        WINDOW days AS (PARTITION BY n.bank_account_id ORDER BY n.period_from, n.id)
    ), numbered AS (
        SELECT id, sequence_no, lag(sequence_no) OVER days AS previous_no, lag(period_to) OVER days AS previous_to
        FROM told WHERE sequence_no IS NOT NULL
        WINDOW days AS (PARTITION BY bank_account_id ORDER BY period_from, id)
    )
    SELECT t.id AS statement_id, b.bankacct, t.period_from, t.opening_fen, t.previous_to, t.previous_closing_fen,
           n.sequence_no, n.previous_no, n.previous_to AS numbered_to,
           (SELECT count(DISTINCT told_on) FROM told s
            CROSS JOIN LATERAL generate_series(
                greatest(s.period_from, n.previous_to + 1), least(s.period_to, t.period_from - 1), interval '1 day'
            ) AS told_on
            WHERE s.bank_account_id = t.bank_account_id
              AND s.period_to > n.previous_to AND s.period_from < t.period_from) AS told_days
    FROM told t
    JOIN bank_account b ON b.id = t.bank_account_id
    LEFT JOIN numbered n ON n.id = t.id AND n.previous_no IS NOT NULL
    WHERE t.previous_closing_fen <> t.opening_fen OR n.sequence_no <> n.previous_no + 1
    ORDER BY t.id
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


async def breaks(connection: AsyncConnection, bank_account_ids: Sequence[int]) -> list[Neighbours]:
    """Where neighbouring statements of these accounts do not follow each other."""
    rows = await connection.execute(_BREAKS, {"ids": list(bank_account_ids)})
    return [found for row in rows if (found := _neighbours(row)).is_break]


async def unconfirmed(connection: AsyncConnection, bank_account_ids: Sequence[int]) -> list[Unconfirmed]:
    """What was notified for days that are stated without it; once, however many parts their statements came in."""
    rows = await connection.execute(_UNCONFIRMED, {"ids": list(bank_account_ids)})
    return [Unconfirmed(**{**row._mapping, "amount_fen": int(row.amount_fen)}) for row in rows]


def _neighbours(row: Row[Any]) -> Neighbours:
    is_counted = row.sequence_no is not None
    numbering = Numbering(row.sequence_no, row.previous_no, row.numbered_to, row.told_days) if is_counted else None
    return Neighbours(
        row.statement_id,
        row.bankacct,
        row.period_from,
        row.opening_fen,
        row.previous_to,
        row.previous_closing_fen,
        numbering,
    )
