"""Debits of the bank against returns to payers, released or refused, and credits that bring such a return back.

Few returns are open at a time, so everything starts from them. Account and amount have to agree, and our reference,
or, where the bank has dropped it, the case; and exactly one candidate exists on either side: without our reference it
may as well be what another order of the case pays.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense import SuspenseReason
from ledger.repository import refund_references
from ledger.repository.suspense_items import because

_PAIRS = """
    WITH sent AS MATERIALIZED (
        SELECT o.id, o.returns_line_id, o.amount_fen, o.payee_bankacct, o.rlts_traf_id, b.id AS bank_account_id,
               {of_order} AS reference
        FROM payment_order o JOIN bank_account b ON b.admdvs = o.admdvs AND b.bankacct = o.payer_bankacct
        WHERE o.admdvs = :admdvs AND o.returns_line_id IS NOT NULL AND o.state = '{state}'
    ), line AS (
        SELECT l.*, {of_line} AS reference
        FROM statement_line l JOIN suspense s ON s.line_id = l.id
        WHERE l.file_id = :file_id AND s.settled_on IS NULL AND l.direction = '{direction}'
          AND l.amount_fen IN (SELECT amount_fen FROM sent)
          AND NOT EXISTS (SELECT FROM claim c WHERE c.line_id = l.id AND c.undone_on IS NULL)
    ), pair AS (
        SELECT sent.id AS order_id, sent.returns_line_id, line.id AS line_id, line.amount_fen, line.booked_on,
               count(*) OVER (PARTITION BY sent.id) AS per_order, count(*) OVER (PARTITION BY line.id) AS per_line
        FROM sent JOIN line USING (amount_fen, bank_account_id)
        WHERE {agrees}
          AND CASE WHEN line.reference IS NOT NULL THEN line.reference = sent.reference
                   ELSE line.rlts_traf_id = sent.rlts_traf_id AND NOT EXISTS (
                       SELECT FROM payment_order o
                       WHERE o.rlts_traf_id = sent.rlts_traf_id AND o.admdvs = :admdvs AND o.state = '{state}'
                         AND o.obligation_id IS NOT NULL AND o.amount_fen = sent.amount_fen) END
    ), found AS (
        SELECT * FROM pair WHERE per_order = 1 AND per_line = 1
    ), {then}
"""
_PAID = text(
    _PAIRS.format(
        of_order=refund_references.of_order("o"),
        of_line=refund_references.of_line("l"),
        state="released",
        direction="D",
        agrees="line.counterparty_acct = sent.payee_bankacct AND NOT line.is_return AND line.foreign_currency IS NULL",
        then="""paid AS (
        UPDATE payment_order o SET state = 'paid', paid_on = found.booked_on, version = o.version + 1
        FROM found WHERE o.id = found.order_id
    )
    INSERT INTO clearing (admdvs, kind, credit_line_id, debit_line_id, order_id, amount_fen, cleared_on, cleared_at)
    SELECT :admdvs, 'refund', returns_line_id, line_id, order_id, amount_fen, booked_on, :now FROM found
    ORDER BY line_id
    RETURNING id, credit_line_id, debit_line_id, order_id, amount_fen
    """,
    )
)
_CAME_BACK = text(
    _PAIRS.format(
        of_order=refund_references.of_order("o"),
        of_line=refund_references.of_line("l"),
        state="paid",
        direction="C",
        agrees="(line.kind = 'return' OR line.reference IS NOT NULL)",
        then="""returned AS (
        UPDATE payment_order o SET state = 'returned', version = o.version + 1 FROM found WHERE o.id = found.order_id
    )
    UPDATE suspense s
    SET reason = :reason, owner = :owner, difference_fen = NULL, returned_order_id = found.order_id
    FROM found WHERE s.line_id = found.line_id
    RETURNING found.returns_line_id, s.line_id, found.order_id, found.amount_fen
    """,
    )
)
_PAID_AFTER_REJECTION = text(
    _PAIRS.format(
        of_order=refund_references.of_order("o"),
        of_line=refund_references.of_line("l"),
        state="rejected",
        direction="D",
        agrees="line.counterparty_acct = sent.payee_bankacct AND NOT line.is_return",
        then="""explained AS (
        UPDATE suspense s
        SET reason = :reason, owner = :owner, difference_fen = NULL, returned_order_id = found.order_id
        FROM found WHERE s.line_id = found.line_id
    )
    SELECT returns_line_id, line_id, order_id, amount_fen FROM found ORDER BY line_id
    """,
    )
)


@dataclass(frozen=True, slots=True)
class RefundMatch:
    """A return and the bank line that paid it, refused or not, or brought it back; ``clearing_id`` where it is paid."""

    order_id: UUID
    returned_line_id: int
    bank_line_id: int
    amount_fen: int
    clearing_id: int | None


async def match_paid(connection: AsyncConnection, admdvs: str, file_id: UUID, *, now: datetime) -> list[RefundMatch]:
    """Clear the debits of a file that pay released returns; the caller holds the agency's matching lock."""
    rows = await connection.execute(_PAID, {"admdvs": admdvs, "file_id": file_id, "now": now})
    return [RefundMatch(row.order_id, row.credit_line_id, row.debit_line_id, row.amount_fen, row.id) for row in rows]


async def match_came_back(connection: AsyncConnection, admdvs: str, file_id: UUID) -> list[RefundMatch]:
    """Link the credits of a file that bring paid returns back: they wait anew, as what they are."""
    return await _found(connection, _CAME_BACK, admdvs, file_id, SuspenseReason.REFUND_RETURNED)


async def match_debited_late(connection: AsyncConnection, admdvs: str, file_id: UUID) -> list[RefundMatch]:
    """The debits of a file that pay what the bank had refused to give back: they wait as that, and nothing is paid."""
    return await _found(connection, _PAID_AFTER_REJECTION, admdvs, file_id, SuspenseReason.PAID_AFTER_REJECTION)


async def _found(
    connection: AsyncConnection, statement: TextClause, admdvs: str, file_id: UUID, reason: SuspenseReason
) -> list[RefundMatch]:
    rows = await connection.execute(statement, {"admdvs": admdvs, "file_id": file_id} | because(reason))
    return [RefundMatch(row.order_id, row.returns_line_id, row.line_id, row.amount_fen, None) for row in rows]
