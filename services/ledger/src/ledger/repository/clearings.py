"""What clears lines other than claims, booked by one posting each; nothing here ever changes a clearing."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense import SuspenseReason
from ledger.repository import suspense_past
from ledger.repository.left import cleared
from ledger.repository.suspense_items import because

_ADD = text(
    """
    INSERT INTO clearing (admdvs, kind, credit_line_id, debit_line_id, obligation_id, adjustment_id, adjustment_state,
                          amount_fen, cleared_on, cleared_at)
    SELECT a.admdvs, a.kind, CASE WHEN l.direction = 'C' THEN l.id ELSE m.id END,
           CASE WHEN l.direction = 'D' THEN l.id ELSE m.id END, a.obligation_id, a.id, a.state, a.amount_fen,
           greatest(:day, l.booked_on, m.booked_on), :now
    FROM adjustment a
    LEFT JOIN statement_line l ON l.id = a.line_id
    LEFT JOIN statement_line m ON m.id = a.other_line_id
    WHERE a.id = ANY(:adjustment_ids)
    ORDER BY a.line_id
    RETURNING id
    """
)
_WRITTEN_OFF = text(
    """
    SELECT coalesce(credit_line_id, debit_line_id) AS line_id, CAST(sum(amount_fen) AS bigint) AS amount_fen
    FROM clearing
    WHERE kind = 'write_off' AND (credit_line_id = ANY(:ids) OR debit_line_id = ANY(:ids))
    GROUP BY 1
    """
)
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
# What was not received of an obligation becomes income all the same, since the person is credited with all that is due.
_BOOK_RESTS = text(
    """
    INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date,
                         cause, cause_id, rlts_traf_id, recorded_at)
    SELECT b.admdvs, b.fund, b.write_off,
           CASE WHEN o.direction = 'return' THEN b.transfer_expenditure ELSE b.transfer_income END,
           c.amount_fen, c.cleared_on, c.cleared_on, 'clearing', c.id, o.rlts_traf_id, :now
    FROM clearing c
    JOIN obligation o ON o.id = c.obligation_id
    JOIN bank_account a ON a.admdvs = o.admdvs AND a.bankacct = o.payee_bankacct
    JOIN bank_account_books b ON b.bank_account_id = a.id
    WHERE c.id = ANY(:ids)
    ORDER BY c.id
    """
)
# What takes the money of a released return is what the bank has paid of it.
_PAY_RETURNS = text(
    f"""
    UPDATE payment_order o SET state = 'paid', paid_on = d.booked_on, version = o.version + 1
    FROM clearing c
    JOIN statement_line d ON d.id = c.debit_line_id
    JOIN statement_line l ON l.id = c.credit_line_id
    JOIN suspense s ON s.line_id = l.id
    WHERE c.id = ANY(:ids) AND c.kind = 'offset' AND o.returns_line_id = l.id AND o.state = 'released'
      AND l.amount_fen - s.claimed_fen - {cleared("l.id")} < o.amount_fen
    """  # noqa: S608  # only our own SQL is put in
)
_CLAIMS_BESIDE = text(
    """
    SELECT m.id FROM clearing c JOIN claim m ON m.obligation_id = c.obligation_id AND m.undone_on IS NULL
    WHERE c.id = ANY(:ids) ORDER BY m.id
    """
)
_CREDITS = text("SELECT DISTINCT credit_line_id FROM clearing WHERE id = ANY(:ids) AND credit_line_id IS NOT NULL")
_LINES = text(
    """
    SELECT DISTINCT x.line_id
    FROM clearing c
    LEFT JOIN claim m ON m.obligation_id = c.obligation_id AND m.undone_on IS NULL
    CROSS JOIN LATERAL (VALUES (c.credit_line_id), (c.debit_line_id), (m.line_id)) AS x (line_id)
    WHERE c.id = ANY(:ids) AND x.line_id IS NOT NULL
    """
)
# An item is settled on the day on which the last part of it was answered; what is left waits for people.
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
            SELECT amount_fen, cleared_on FROM clearing
            WHERE credit_line_id = line.line_id OR debit_line_id = line.line_id
        ) p
        GROUP BY line.line_id
    )
    UPDATE suspense s
    SET settled_on = CASE WHEN a.amount_fen = s.amount_fen THEN a.last_on END,
        reason = CASE WHEN a.amount_fen = s.amount_fen THEN s.reason ELSE :reason END,
        owner = CASE WHEN a.amount_fen = s.amount_fen THEN s.owner ELSE :owner END,
        difference_fen = CASE WHEN a.amount_fen = s.amount_fen THEN s.difference_fen
                              ELSE s.amount_fen - a.amount_fen END,
        version = s.version + 1
    FROM answered a
    WHERE s.line_id = a.line_id AND s.settled_on IS NULL
    """
)


async def add(connection: AsyncConnection, adjustment_ids: Sequence[UUID], *, day: date, now: datetime) -> list[int]:
    """What approved adjustments clear; their clearings' ids. ``day``: the first on which the books may show it."""
    if not adjustment_ids:
        return []
    values = {"adjustment_ids": list(adjustment_ids), "day": day, "now": now}
    return list((await connection.scalars(_ADD, values)).all())


async def written_off(connection: AsyncConnection, line_ids: Sequence[int]) -> dict[int, int]:
    """How much (fen) was written off of lines before, by line."""
    rows = await connection.execute(_WRITTEN_OFF, {"ids": list(line_ids)})
    return {row.line_id: row.amount_fen for row in rows}


async def book(connection: AsyncConnection, ids: Sequence[int], *, now: datetime) -> None:
    """Post clearings just kept; items that nothing is left of are settled, the others say how much still waits.

    Returns whose money was set off against a debit are paid.
    """
    if ids:
        await connection.execute(_BOOK, {"ids": list(ids), "now": now})
        await connection.execute(_BOOK_RESTS, {"ids": list(ids), "now": now})
        await suspense_past.keep_of_clearings(connection, ids, now=now)
        await connection.execute(_SETTLE, {"ids": list(ids)} | because(SuspenseReason.PARTLY_MATCHED))
        await connection.execute(_PAY_RETURNS, {"ids": list(ids)})


async def credits_of(connection: AsyncConnection, ids: Sequence[int]) -> list[int]:
    """The money in that clearings have answered, in whole or in part."""
    return list((await connection.scalars(_CREDITS, {"ids": list(ids)})).all())


async def lines_of(connection: AsyncConnection, ids: Sequence[int]) -> list[int]:
    """What clearings have answered, in whole or in part, and what came for the obligations whose rest they give up."""
    return list((await connection.scalars(_LINES, {"ids": list(ids)})).all())


async def claims_beside(connection: AsyncConnection, ids: Sequence[int]) -> list[int]:
    """The claims on those obligations of which clearings have given up the rest."""
    return list((await connection.scalars(_CLAIMS_BESIDE, {"ids": list(ids)})).all())
