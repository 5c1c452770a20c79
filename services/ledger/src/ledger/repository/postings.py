"""Writing the journal: sets of postings by one INSERT … SELECT each. Nothing here ever changes a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.line_classes import OTHER_THAN_TRANSFER

_BOOK_LINES = text(
    """
    WITH books AS MATERIALIZED (SELECT * FROM bank_account_books WHERE admdvs = :admdvs)
    INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date,
                         cause, cause_id, rlts_traf_id, recorded_at)
    SELECT b.admdvs, b.fund,
           CASE WHEN l.direction = 'C' THEN x.from_account
                WHEN l.line_class = ANY(:others) THEN b.other_business
                WHEN o.direction = 'return' THEN b.transfer_income
                WHEN c.id IS NOT NULL THEN b.transfer_expenditure ELSE b.temporary_payments END,
           CASE WHEN l.direction = 'D' THEN x.from_account
                WHEN l.line_class = ANY(:others) THEN b.other_business ELSE b.temporary_receipts END,
           l.amount_fen, l.booked_on, l.value_on, 'line', l.id, l.rlts_traf_id, :now
    FROM statement_line l
    JOIN books b ON b.bank_account_id = l.bank_account_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.statement_id IS NULL THEN b.other_business ELSE b.deposit END AS from_account
    ) x
    LEFT JOIN LATERAL (
        SELECT id, obligation_id FROM claim
        WHERE l.kind = 'payment' AND line_id = l.id AND kind = 'payment' AND undone_on IS NULL OFFSET 0
    ) c ON true
    LEFT JOIN LATERAL (SELECT direction FROM obligation WHERE id = c.obligation_id OFFSET 0) o ON true
    WHERE l.file_id = :file_id
    ORDER BY l.id
    """
)

# A payment that was claimed after its line had been booked comes out of 暂付款; one claimed at once never was there.
_CLAIM_ACCOUNTS = """
    CASE WHEN {kind} <> 'payment' THEN b.temporary_receipts
         WHEN {direction} = 'return' THEN b.transfer_income ELSE b.transfer_expenditure END,
    CASE WHEN {kind} = 'payment' THEN b.temporary_payments
         WHEN ({kind} = 'receipt') = ({direction} = 'return') THEN b.transfer_expenditure ELSE b.transfer_income END
"""


def claim_accounts(kind: str, direction: str) -> str:
    """SQL for the accounts that a claim's posting debits and credits, of the row ``b`` of ``bank_account_books``.

    ``kind`` and ``direction`` are SQL for the claim's and its obligation's.
    """
    return _CLAIM_ACCOUNTS.format(kind=kind, direction=direction)


_BOOK_CLAIMS = text(
    f"""
    WITH books AS MATERIALIZED (SELECT * FROM bank_account_books WHERE admdvs = :admdvs)
    INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date,
                         cause, cause_id, rlts_traf_id, recorded_at)
    SELECT b.admdvs, b.fund, {claim_accounts("c.kind", "o.direction")}, c.amount_fen, c.claimed_on, l.value_on,
           'claim', c.id, o.rlts_traf_id, :now
    FROM (SELECT * FROM claim WHERE id = ANY(:claim_ids)) c
    CROSS JOIN LATERAL (SELECT * FROM statement_line WHERE id = c.line_id OFFSET 0) l
    JOIN books b ON b.bank_account_id = l.bank_account_id
    CROSS JOIN LATERAL (SELECT direction, rlts_traf_id FROM obligation WHERE id = c.obligation_id OFFSET 0) o
    ORDER BY c.id
    """  # noqa: S608  # only our own SQL is put in
)
# A claim's own posting, or that of a payment which was claimed as its line was booked: then the line itself is posted
# anew, against 暂付款.
_UNDO_CLAIMS = text(
    """
    WITH undone AS MATERIALIZED (
        SELECT c.id, c.line_id, c.undone_on, l.value_on, l.amount_fen, l.rlts_traf_id, b.admdvs, b.fund, b.deposit,
               b.temporary_payments, r.reason, own.id AS posting_id
        FROM claim c
        JOIN statement_line l ON l.id = c.line_id
        JOIN bank_account_books b ON b.bank_account_id = l.bank_account_id
        JOIN claim_reversal v ON v.claim_id = c.id
        JOIN proposal r ON r.id = v.proposal_id
        LEFT JOIN posting own ON own.cause = 'claim' AND own.cause_id = c.id
        WHERE c.id = ANY(:claim_ids)
    )
    INSERT INTO posting (admdvs, fund, dimension, debit_account, credit_account, amount_fen, booking_date,
                         effective_date, cause, cause_id, rlts_traf_id, reverses, reason, recorded_at)
    SELECT p.admdvs, p.fund, p.dimension, p.credit_account, p.debit_account, p.amount_fen, u.undone_on,
           p.effective_date, 'correction', p.id, p.rlts_traf_id, p.id, u.reason, CAST(:now AS timestamptz)
    FROM undone u
    JOIN posting p ON p.id = u.posting_id OR (u.posting_id IS NULL AND p.cause = 'line' AND p.cause_id = u.line_id)
    UNION ALL
    SELECT admdvs, fund, 'personal_account', temporary_payments, deposit, amount_fen, undone_on, value_on,
           'undone_claim', id, rlts_traf_id, NULL, NULL, CAST(:now AS timestamptz)
    FROM undone WHERE posting_id IS NULL
    """
)

_OPENINGS = text(
    """
    SELECT earliest.id AS earliest_id, earliest.opening_fen, opened.id AS posting_id, opened.cause_id
    FROM (
        SELECT id, opening_fen FROM statement WHERE bank_account_id = :bank_account_id ORDER BY period_from, id LIMIT 1
    ) earliest
    LEFT JOIN (
        SELECT p.id, p.cause_id FROM posting p JOIN statement s ON s.id = p.cause_id
        WHERE p.cause = 'opening' AND s.bank_account_id = :bank_account_id
          AND NOT EXISTS (SELECT FROM posting r WHERE r.reverses = p.id)
    ) opened ON true
    """
)

_BOOK_OPENING = text(
    """
    INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date,
                         cause, cause_id, recorded_at)
    SELECT b.admdvs, b.fund,
           CASE WHEN s.opening_fen > 0 THEN b.deposit ELSE b.other_business END,
           CASE WHEN s.opening_fen > 0 THEN b.other_business ELSE b.deposit END,
           abs(s.opening_fen), greatest(s.period_from - 1, c.closed_through + 1), s.period_from - 1, 'opening', s.id,
           :now
    FROM statement s
    JOIN bank_account_books b ON b.bank_account_id = s.bank_account_id
    LEFT JOIN book_closing c ON c.admdvs = b.admdvs
    WHERE s.id = :statement_id AND s.opening_fen <> 0
    """
)

_REVERSE = text(
    """
    INSERT INTO posting (admdvs, fund, dimension, debit_account, credit_account, amount_fen, booking_date,
                         effective_date, cause, cause_id, rlts_traf_id, reverses, reason, recorded_at)
    SELECT admdvs, fund, dimension, credit_account, debit_account, amount_fen, booking_date, effective_date,
           'correction', id, rlts_traf_id, id, :reason, :now
    FROM posting WHERE id = ANY(:posting_ids)
    """
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The earliest statement of a bank account, and the opening posting that stands now (``None``: none)."""

    earliest_id: int
    opening_fen: int
    posting_id: int | None
    cause_id: int | None


async def book_lines(connection: AsyncConnection, admdvs: str, file_id: UUID, *, now: datetime) -> None:
    """Post every line of a file: Dr deposit / Cr 暂收款, Dr 转移支出 or 暂付款 / Cr deposit.

    An old line of the cut-over is in the opening balance of its account already, which stands against 其他业务往来: it
    comes out of that. What is no transfer goes to 其他业务往来, so that bank and books agree to the fen.
    """
    values = {"admdvs": admdvs, "file_id": file_id, "now": now, "others": sorted(OTHER_THAN_TRANSFER)}
    await connection.execute(_BOOK_LINES, values)


async def book_claims(connection: AsyncConnection, admdvs: str, ids: Sequence[int], *, now: datetime) -> None:
    """Post what these claims of lines that were booked before move out of suspense."""
    if ids:
        await connection.execute(_BOOK_CLAIMS, {"admdvs": admdvs, "claim_ids": list(ids), "now": now})


async def undo_claims(connection: AsyncConnection, ids: Sequence[int], *, now: datetime) -> None:
    """Post the mirror of what these undone claims had posted, on the day of their undoing, and why."""
    if ids:
        await connection.execute(_UNDO_CLAIMS, {"claim_ids": list(ids), "now": now})


async def opening_of(connection: AsyncConnection, bank_account_id: int) -> Opening:
    """What the books opened with and should have; at least one statement of the account is kept."""
    return Opening(**(await connection.execute(_OPENINGS, {"bank_account_id": bank_account_id})).one()._mapping)


async def book_opening(connection: AsyncConnection, statement_id: int, *, now: datetime) -> None:
    """Post a statement's opening balance against 其他业务往来: the day before its period, or the first open day."""
    await connection.execute(_BOOK_OPENING, {"statement_id": statement_id, "now": now})


async def reverse(connection: AsyncConnection, posting_ids: Sequence[int], *, reason: str, now: datetime) -> None:
    """Post the mirror of each posting, on the same days, naming what it reverses and why."""
    await connection.execute(_REVERSE, {"posting_ids": list(posting_ids), "reason": reason, "now": now})
