"""Debits of the bank against released orders, and credits that bring a payment back; a set at a time."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository.match_receipts import MATCH, Matched, MatchScope

_PAYMENTS = text(
    MATCH.format(
        kind="payment",
        pair="""
        SELECT s.id AS line_id, o.obligation_id, o.id AS order_id, s.booked_on AS known_on, o.state,
               o.state = 'released' AS is_open, s.amount_fen - o.amount_fen AS difference_fen,
               x.same_payee, x.same_name,
               o.state = 'released' AND s.amount_fen = o.amount_fen AND x.same_payee AND x.same_name
                   AND NOT s.is_return AND coalesce(s.obligation_no = o.obligation_no, true) AS agrees
        FROM scope s
        JOIN payment_order o ON o.admdvs = :admdvs AND o.rlts_traf_id = s.rlts_traf_id
        CROSS JOIN LATERAL (
            SELECT coalesce(s.counterparty_acct = o.payee_bankacct, false) AS same_payee,
                   s.names <@ ARRAY[o.match_name] AS same_name
        ) x
        """,
        reason="""
            WHEN s.is_return THEN 'receipt_reversed'
            WHEN s.reference_count = 0 THEN 'no_reference'
            WHEN s.rlts_traf_id IS NULL THEN 'several_references'
            WHEN n.line_id IS NULL THEN 'unknown_case'
            WHEN n.state IN ('paid', 'returned') THEN 'already_settled'
            WHEN n.state = 'cancelled' THEN 'case_closed'
            WHEN NOT n.is_open THEN 'not_released'
            WHEN n.difference_fen <> 0 THEN 'amount_differs'
            WHEN NOT n.same_payee THEN 'payee_differs'
            WHEN NOT n.same_name THEN 'name_differs'
        """,
        settled="""paid AS (
            UPDATE payment_order SET state = 'paid', paid_on = c.claimed_on, version = version + 1
            FROM claimed c WHERE payment_order.id = c.order_id
        ), settled AS (
            UPDATE obligation SET state = 'paid', settled_on = c.claimed_on
            FROM claimed c WHERE obligation.id = c.obligation_id
        )""",
    )
)

_RETURNS = text(
    MATCH.format(
        kind="return",
        pair="""
        SELECT s.id AS line_id, o.obligation_id, o.id AS order_id, s.booked_on AS known_on, o.state,
               o.state = 'paid' AS is_open, s.amount_fen - o.amount_fen AS difference_fen,
               o.state = 'paid' AND s.amount_fen = o.amount_fen
                   AND coalesce(s.obligation_no = o.obligation_no, true) AS agrees
        FROM scope s
        JOIN payment_order o ON o.admdvs = :admdvs AND o.rlts_traf_id = s.rlts_traf_id
        """,
        reason="""
            WHEN s.reference_count = 0 AND NOT s.is_return THEN 'no_reference'
            WHEN s.rlts_traf_id IS NULL AND s.reference_count > 1 THEN 'several_references'
            WHEN n.line_id IS NULL THEN 'return_unlinked'
            WHEN n.state = 'returned' THEN 'already_settled'
            WHEN NOT n.is_open THEN 'return_unlinked'
            WHEN n.difference_fen <> 0 THEN 'amount_differs'
        """,
        settled="""returned AS (
            UPDATE payment_order SET state = 'returned', version = version + 1
            FROM claimed c WHERE payment_order.id = c.order_id
        ), settled AS (
            UPDATE obligation SET state = 'returned', settled_on = c.claimed_on
            FROM claimed c WHERE obligation.id = c.obligation_id
        )""",
    )
)


async def match_payments(connection: AsyncConnection, scope: MatchScope, *, now: datetime) -> list[Matched]:
    """Claim debits that agree with a released order; the caller holds the agency's matching lock."""
    return await _match(connection, scope, now, _PAYMENTS)


async def match_returns(connection: AsyncConnection, scope: MatchScope, *, now: datetime) -> list[Matched]:
    """Link credits to the paid order that came back; the caller holds the agency's matching lock."""
    return await _match(connection, scope, now, _RETURNS)


async def _match(connection: AsyncConnection, scope: MatchScope, now: datetime, statement: object) -> list[Matched]:
    rows = await connection.execute(statement, scope.parameters(now))  # type: ignore[call-overload]
    return [Matched(**row._mapping) for row in rows]
