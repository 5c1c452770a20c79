"""Debits of the bank against released orders, and credits that bring a payment back; a set at a time."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import refund_references
from ledger.repository.match_receipts import MatchScope
from ledger.repository.matching_sql import NAMES_OWN_RETURN, SAME_NAME, matching_sql, waited

# What gives a received line back is a candidate too, so that one of two is never taken for the other; it has no
# obligation, and ``match_refunds`` sees to it. Where it does not fit, it says nothing of the line.
# Of orders that pay one obligation one after the other, a line that names one is about that one; a line that names the
# case alone is about the last. A line that names a return is about that one alone.
_WHICH = f"""CASE WHEN {{names_return}} THEN {refund_references.of_order("o")} = s.refund_reference
                  WHEN s.obligation_no IS NULL THEN o.state NOT IN ('rejected', 'returned') OR NOT EXISTS (
                      SELECT FROM payment_order WHERE reissue_of = o.id AND state <> 'cancelled')
                  ELSE o.obligation_no <> s.obligation_no
                       OR o.end_to_end_id = upper(btrim(normalize(s.end_to_end_id, NFKC))) END"""
# We alone pay from our accounts.
_NAMES_RETURN = "(s.refund_reference IS NOT NULL)"
_PAYMENTS = matching_sql(
    "payment",
    answer="false",
    pair=f"""
        SELECT s.*, o.obligation_id, o.obligation_no AS claimed_no, o.id AS order_id,
               o.end_to_end_id AS order_reference,
               b.direction AS claimed_direction,
               s.booked_on AS known_on, o.state, x.is_after_rejection, x.is_open, x.same_payee,
               x.same_payer, x.same_name, x.is_named,
               s.amount_fen - o.amount_fen
                   + coalesce(b.claimed_fen, CASE WHEN {_NAMES_RETURN} THEN 0 END) AS difference_fen,
               coalesce(x.is_open AND s.amount_fen = o.amount_fen AND coalesce(b.claimed_fen, 0) = 0 AND x.same_payee
                        AND x.same_payer AND x.same_name AND x.is_named AND NOT s.is_return
                        AND s.foreign_currency IS NULL AND NOT s.is_other_fund, false)
                   AS agrees
        FROM scope s
        LEFT JOIN LATERAL (SELECT * FROM payment_order WHERE rlts_traf_id = s.rlts_traf_id OFFSET 0) o
          ON o.admdvs = :admdvs
         AND {_WHICH.format(names_return=_NAMES_RETURN)}
        LEFT JOIN LATERAL (SELECT direction, claimed_fen FROM obligation WHERE id = o.obligation_id OFFSET 0) b ON true
        CROSS JOIN LATERAL (
            SELECT coalesce(o.state = 'released' AND (o.obligation_id IS NOT NULL OR {_NAMES_RETURN} OR (
                       s.amount_fen = o.amount_fen AND s.counterparty_acct = o.payee_bankacct)), false) AS is_open,
                   coalesce(s.counterparty_acct = o.payee_bankacct, false) AS same_payee,
                   (s.bank_account_id, o.payer_bankacct) IN (
                       SELECT id, bankacct FROM bank_account WHERE admdvs = :admdvs) AS same_payer,
                   coalesce(s.obligation_no = o.obligation_no, true) AS is_named,
                   o.reissue_of IS NOT NULL AND EXISTS (
                       SELECT FROM payment_order WHERE id = o.reissue_of AND state = 'rejected') AS is_after_rejection,
                   {SAME_NAME} AS same_name
        ) x
        """,  # noqa: S608  # only our own SQL is put in
    reason="""
            WHEN is_return THEN 'receipt_reversed'
            WHEN reference_count = 0 THEN 'no_reference'
            WHEN rlts_traf_id IS NULL THEN 'several_references'
            WHEN per_line > 1 THEN 'several_candidates'
            WHEN order_id IS NULL OR (obligation_id IS NULL AND refund_reference IS NULL) OR NOT is_named
                THEN 'unknown_case'
            WHEN state IN ('paid', 'returned') THEN 'already_settled'
            WHEN state = 'cancelled' THEN 'case_closed'
            WHEN state = 'rejected' OR (NOT is_open AND is_after_rejection) THEN 'paid_after_rejection'
            WHEN NOT is_open THEN 'not_released'
            WHEN is_answered THEN 'already_settled'
            WHEN difference_fen <> 0 THEN 'amount_differs'
            WHEN NOT same_payee THEN 'payee_differs'
            WHEN NOT same_payer THEN 'payer_differs'
            WHEN NOT same_name THEN 'name_differs'
        """,
    settled="""paid AS (
            UPDATE payment_order SET state = 'paid', paid_on = v.booked_on, version = version + 1
            FROM verdict v WHERE payment_order.id = v.order_id AND v.is_matched
        ), settled AS (
            UPDATE obligation SET state = 'paid', settled_on = v.matched_on
            FROM verdict v WHERE obligation.id = v.obligation_id AND v.is_matched
        )""",
)

_RETURNS = matching_sql(
    "return",
    answer="true",
    pair=f"""
        SELECT s.*, o.obligation_id, o.obligation_no AS claimed_no, o.id AS order_id,
               o.end_to_end_id AS order_reference,
               b.direction AS claimed_direction,
               (SELECT max(claimed_on) FROM claim WHERE obligation_id = o.obligation_id AND kind = 'payment')
                   AS known_on,
               o.state, x.is_named, x.same_party, x.same_name,
               coalesce(o.state = 'paid' AND (o.obligation_id IS NOT NULL OR s.amount_fen = o.amount_fen), false)
                   AS is_open,
               CASE WHEN o.obligation_id IS NOT NULL THEN s.amount_fen - o.amount_fen END AS difference_fen,
               coalesce(o.state = 'paid' AND s.amount_fen = o.amount_fen AND x.is_named
                        AND (o.obligation_id IS NULL OR x.same_party AND x.same_name)
                        AND NOT EXISTS (SELECT FROM (SELECT admdvs, kind FROM suspense
                                                     WHERE rlts_traf_id = s.rlts_traf_id AND settled_on IS NULL
                                                     OFFSET 0) w
                                        WHERE w.admdvs = :admdvs AND w.kind = 'payment')
                        AND s.foreign_currency IS NULL AND NOT s.is_other_fund, false) AS agrees
        FROM scope s
        LEFT JOIN LATERAL (SELECT * FROM payment_order WHERE rlts_traf_id = s.rlts_traf_id OFFSET 0) o
          ON o.admdvs = :admdvs
         AND {_WHICH.format(names_return=NAMES_OWN_RETURN)}
        LEFT JOIN LATERAL (
            SELECT direction, CASE direction WHEN 'return' THEN trafout_admdvs ELSE trafin_admdvs END AS payee_admdvs
            FROM obligation WHERE id = o.obligation_id OFFSET 0
        ) b ON true
        CROSS JOIN LATERAL (
            -- The bank says so, or who was paid sends it: anybody may have learnt the number of a case.
            SELECT s.is_return OR coalesce(s.counterparty_acct = o.payee_bankacct, false)
                   OR coalesce(s.counterparty_admdvs = b.payee_admdvs, false) AS same_party,
                   coalesce(s.obligation_no = o.obligation_no, true) AS is_named,
                   {SAME_NAME} AS same_name
        ) x
        """,  # noqa: S608  # only our own SQL is put in
    reason="""
            WHEN reference_count = 0 AND NOT is_return THEN 'no_reference'
            WHEN rlts_traf_id IS NULL AND reference_count > 1 THEN 'several_references'
            WHEN per_line > 1 THEN 'several_candidates'
            WHEN obligation_id IS NULL OR NOT is_named THEN 'return_unlinked'
            WHEN state = 'returned' THEN 'already_settled'
            WHEN NOT is_open THEN 'return_unlinked'
            WHEN is_answered THEN 'already_settled'
            WHEN difference_fen <> 0 THEN 'amount_differs'
            WHEN NOT same_party THEN 'payer_differs'
            WHEN NOT same_name THEN 'name_differs'
        """,
    settled=f"""{waited("return", "return_unlinked")}, returned AS (
            UPDATE payment_order SET state = 'returned', version = version + 1
            FROM verdict v WHERE payment_order.id = v.order_id AND v.is_matched
        ), settled AS (
            UPDATE obligation SET state = 'returned', settled_on = v.matched_on
            FROM verdict v WHERE obligation.id = v.obligation_id AND v.is_matched
        )""",  # noqa: S608  # only our own SQL is put in
)


async def match_payments(connection: AsyncConnection, scope: MatchScope, *, now: datetime) -> None:
    """Claim debits that agree with a released order, and book those that had waited.

    The caller holds the agency's matching lock, and books the lines of a file next.
    """
    await connection.execute(_PAYMENTS, scope.parameters(now))


async def match_returns(connection: AsyncConnection, scope: MatchScope, *, now: datetime) -> list[str]:
    """Link credits to the paid order that came back and book it; of which cases.

    The caller holds the agency's matching lock, and has booked the lines of the file.
    """
    return list((await connection.scalars(_RETURNS, scope.parameters(now))).all())
