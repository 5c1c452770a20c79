"""Orders that give received lines back to who paid them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import STILL_TO_PAY
from ledger.domain.refunds import OwnAccount, Payee, RefundFacts
from ledger.domain.titles import account_role
from ledger.repository.left import taken_back
from ledger.repository.order_states import listed
from ledger.tables import payment_order

# Whose money it was: what the bank brings back says nothing of that itself.
_FACTS = text(
    f"""
    SELECT l.id AS line_id, l.booked_on, l.is_return, l.rlts_traf_id, l.counterparty_acct, l.counterparty_name,
           (WITH RECURSIVE back (line_id) AS (
                SELECT l.id
                UNION
                SELECT p.returns_line_id FROM back
                JOIN suspense w ON w.line_id = back.line_id JOIN payment_order p ON p.id = w.returned_order_id
            )
            SELECT c.counterparty_admdvs FROM back JOIN statement_line c ON c.id = back.line_id
            WHERE c.counterparty_admdvs IS NOT NULL ORDER BY c.id LIMIT 1) AS counterparty_admdvs,
           b.bankacct, b.fund, b.hif_acct_type, b.is_treasury,
           sent.payee_bankacct, sent.payee_acctname, sent.payee_bankcode,
           (SELECT count(*) FROM payment_order o WHERE o.returns_line_id = l.id) AS earlier_count,
           EXISTS (SELECT FROM payment_order o JOIN alert a ON a.admdvs = o.admdvs AND a.subject = o.end_to_end_id
                   WHERE o.returns_line_id = l.id AND a.kind = 'bank_answer' AND a.settled_at IS NULL)
               AS is_contradicted,
           {taken_back("l.id")} AS is_taken_back
    FROM statement_line l
    JOIN bank_account b ON b.id = l.bank_account_id
    JOIN suspense s ON s.line_id = l.id
    LEFT JOIN payment_order sent ON sent.id = s.returned_order_id
    WHERE l.admdvs = :admdvs AND l.id = ANY(:ids)
    """  # noqa: S608  # only our own SQL is put in
)
_OPEN = text(
    f"""
    SELECT id, returns_line_id, state FROM payment_order
    WHERE returns_line_id = ANY(:ids) AND state IN {listed(STILL_TO_PAY)}
    FOR UPDATE
    """  # noqa: S608  # only our own SQL is put in
)


async def facts(connection: AsyncConnection, admdvs: str, ids: Sequence[int]) -> dict[int, RefundFacts]:
    """What is known of the agency's lines among ``ids``, by line."""
    rows = await connection.execute(_FACTS, {"admdvs": admdvs, "ids": list(ids)})
    return {row.line_id: _facts(row) for row in rows}


async def lock_open(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, tuple[UUID, str]]:
    """The order and its state that is giving each line back, by line, locked."""
    rows = await connection.execute(_OPEN, {"ids": list(ids)})
    return {row.returns_line_id: (row.id, row.state) for row in rows}


async def cases_of(connection: AsyncConnection, admdvs: str, references: Sequence[str]) -> list[str]:
    """The cases of the agency's orders with one of these ``EndToEndId`` that would give lines back."""
    if not references:
        return []
    query = select(payment_order.c.rlts_traf_id).where(
        payment_order.c.admdvs == admdvs,
        payment_order.c.end_to_end_id.in_(references),
        payment_order.c.returns_line_id.is_not(None),
        payment_order.c.rlts_traf_id.is_not(None),
    )
    return list((await connection.scalars(query.distinct().order_by(payment_order.c.rlts_traf_id))).all())


def _facts(row: Row[Any]) -> RefundFacts:
    role = account_role(row.hif_acct_type, is_treasury=row.is_treasury)
    has_been_sent = row.payee_bankacct is not None
    return RefundFacts(
        line_id=row.line_id,
        received_on=OwnAccount(row.bankacct, role, row.fund),
        booked_on=row.booked_on,
        is_marked_return=row.is_return,
        rlts_traf_id=row.rlts_traf_id,
        counterparty_acct=row.counterparty_acct,
        counterparty_name=row.counterparty_name,
        counterparty_admdvs=row.counterparty_admdvs,
        sent_to=Payee(row.payee_bankacct, row.payee_acctname, row.payee_bankcode) if has_been_sent else None,
        earlier_count=row.earlier_count,
        is_contradicted=row.is_contradicted,
        is_taken_back=row.is_taken_back,
    )
