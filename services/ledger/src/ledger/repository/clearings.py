"""What clears lines other than claims, booked by one posting each; nothing here ever changes a clearing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Money in against money out leaves both 暂收款 and 暂付款; what is written off goes to its own title.
_BOOK = text(
    """
    INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date,
                         cause, cause_id, rlts_traf_id, recorded_at)
    SELECT b.admdvs, b.fund,
           CASE WHEN c.credit_line_id IS NULL THEN b.write_off ELSE b.temporary_receipts END,
           CASE WHEN c.debit_line_id IS NULL THEN b.write_off ELSE b.temporary_payments END,
           c.amount_fen, c.cleared_on, c.cleared_on, 'clearing', c.id, l.rlts_traf_id, :now
    FROM clearing c
    JOIN statement_line l ON l.id = coalesce(c.credit_line_id, c.debit_line_id)
    JOIN bank_account_books b ON b.bank_account_id = l.bank_account_id
    WHERE c.id = ANY(:ids)
    ORDER BY c.id
    """
)
# An item is settled on the day on which the last part of it was answered.
_SETTLE = text(
    """
    WITH line AS (
        SELECT DISTINCT x.line_id
        FROM clearing c CROSS JOIN LATERAL (VALUES (c.credit_line_id), (c.debit_line_id)) AS x (line_id)
        WHERE c.id = ANY(:ids) AND x.line_id IS NOT NULL
    ), answered AS (
        SELECT line.line_id, sum(p.amount_fen) AS amount_fen, max(p.answered_on) AS last_on
        FROM line CROSS JOIN LATERAL (
            SELECT amount_fen, claimed_on AS answered_on FROM claim
            WHERE claim.line_id = line.line_id AND claim.undone_on IS NULL
            UNION ALL
            SELECT amount_fen, cleared_on FROM clearing WHERE line.line_id IN (credit_line_id, debit_line_id)
        ) p
        GROUP BY line.line_id
    )
    UPDATE suspense s SET settled_on = a.last_on, version = s.version + 1
    FROM answered a JOIN statement_line l ON l.id = a.line_id
    WHERE s.line_id = a.line_id AND s.settled_on IS NULL AND a.amount_fen = l.amount_fen
    """
)


async def book(connection: AsyncConnection, ids: Sequence[int], *, now: datetime) -> None:
    """Post clearings of lines just kept, and settle the items that nothing is left of."""
    if ids:
        await connection.execute(_BOOK, {"ids": list(ids), "now": now})
        await connection.execute(_SETTLE, {"ids": list(ids)})
