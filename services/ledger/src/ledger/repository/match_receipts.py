"""Credits of the bank against what sealed sheets say is to come, a set at a time.

Automatic only when case, payer account and amount agree, no other name stands in the note, and exactly one
candidate exists on either side (domain §8). Everything else waits with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense import ADVICE

MATCH = """
    WITH scope AS MATERIALIZED (
        SELECT l.*, false AS has_waited
        FROM statement_line l
        WHERE l.file_id = :file_id AND l.kind = '{kind}'
        UNION ALL
        SELECT l.*, true
        FROM suspense s JOIN statement_line l ON l.id = s.line_id
        WHERE s.admdvs = :admdvs AND s.kind = '{kind}' AND s.settled_on IS NULL AND s.rlts_traf_id = ANY(:cases)
          AND l.file_id IS DISTINCT FROM :file_id
    ), pair AS MATERIALIZED (
        {pair}
    ), agreed AS (
        SELECT line_id, obligation_id, order_id, known_on,
               count(*) OVER (PARTITION BY line_id) AS per_line,
               count(*) OVER (PARTITION BY obligation_id) AS per_obligation
        FROM pair WHERE agrees
    ), claimed AS (
        INSERT INTO claim (admdvs, kind, line_id, obligation_id, order_id, amount_fen, is_exclusive, claimed_on,
                           claimed_at)
        SELECT s.admdvs, '{kind}', s.id, a.obligation_id, a.order_id, s.amount_fen, true,
               greatest(s.booked_on, a.known_on), :now
        FROM agreed a JOIN scope s ON s.id = a.line_id
        WHERE a.per_line = 1 AND a.per_obligation = 1
        ON CONFLICT DO NOTHING
        RETURNING id, line_id, obligation_id, order_id, claimed_on
    ), nearest AS (
        SELECT DISTINCT ON (line_id) * FROM pair
        ORDER BY line_id, is_open DESC, abs(difference_fen), obligation_id DESC
    ), verdict AS (
        SELECT s.id AS line_id, s.booked_on, s.rlts_traf_id,
               CASE {reason} ELSE 'several_candidates' END AS reason,
               CASE WHEN n.is_open AND n.difference_fen <> 0 THEN n.difference_fen END AS difference_fen
        FROM scope s LEFT JOIN nearest n ON n.line_id = s.id
        WHERE NOT EXISTS (SELECT FROM claimed c WHERE c.line_id = s.id)
    ), kept AS (
        INSERT INTO suspense AS present (line_id, admdvs, kind, reason, difference_fen, owner, booked_on, opened_at,
                                         rlts_traf_id)
        SELECT v.line_id, :admdvs, '{kind}', v.reason, v.difference_fen, o.owner, v.booked_on, :now, v.rlts_traf_id
        FROM verdict v JOIN unnest(CAST(:reasons AS text[]), CAST(:owners AS text[])) AS o (reason, owner)
          ON o.reason = v.reason
        ON CONFLICT (line_id) DO UPDATE
        SET reason = excluded.reason, difference_fen = excluded.difference_fen, owner = excluded.owner
        WHERE (present.reason, present.difference_fen) IS DISTINCT FROM (excluded.reason, excluded.difference_fen)
        RETURNING line_id, reason
    ), closed AS (
        UPDATE suspense SET settled_on = c.claimed_on FROM claimed c WHERE suspense.line_id = c.line_id
    ), {settled}
    SELECT s.id AS line_id, s.rlts_traf_id, s.amount_fen, s.booked_on, s.return_reason, s.has_waited,
           c.id AS claim_id, o.obligation_no, k.reason, p.end_to_end_id
    FROM scope s
    LEFT JOIN claimed c ON c.line_id = s.id
    LEFT JOIN obligation o ON o.id = c.obligation_id
    LEFT JOIN payment_order p ON p.id = c.order_id
    LEFT JOIN kept k ON k.line_id = s.id
    WHERE c.id IS NOT NULL OR (k.line_id IS NOT NULL AND s.rlts_traf_id IS NOT NULL)
    ORDER BY s.id
"""

_RECEIPTS = text(
    MATCH.format(
        kind="receipt",
        pair="""
        SELECT s.id AS line_id, o.id AS obligation_id, CAST(NULL AS uuid) AS order_id, o.known_on, o.state,
               x.is_open, s.amount_fen - o.due_fen AS difference_fen, x.same_payer, x.same_name,
               x.is_open AND s.amount_fen = o.due_fen AND x.same_payer AND x.same_name AS agrees
        FROM scope s
        JOIN obligation o ON o.admdvs = :admdvs AND o.side = 'payee' AND o.rlts_traf_id = s.rlts_traf_id
        CROSS JOIN LATERAL (
            SELECT o.state = 'open' AND o.direction = 'pay' AS is_open,
                   coalesce(s.counterparty_acct = o.payer_bankacct, false) AS same_payer,
                   s.names <@ ARRAY[o.match_name] AS same_name
        ) x
        """,
        reason="""
            WHEN s.reference_count = 0 THEN 'no_reference'
            WHEN s.rlts_traf_id IS NULL THEN 'several_references'
            WHEN n.line_id IS NULL AND s.counterparty_admdvs IS NULL THEN 'unknown_case'
            WHEN n.line_id IS NULL THEN 'awaiting_sheet'
            WHEN NOT n.is_open AND n.state IN ('matched', 'credited', 'settled') THEN 'already_settled'
            WHEN NOT n.is_open THEN 'case_closed'
            WHEN n.difference_fen <> 0 THEN 'amount_differs'
            WHEN NOT n.same_payer THEN 'payer_differs'
            WHEN NOT n.same_name THEN 'name_differs'
        """,
        settled="""settled AS (
            UPDATE obligation SET state = 'matched', settled_on = c.claimed_on
            FROM claimed c WHERE obligation.id = c.obligation_id
        )""",
    )
)


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of one line that names a case: claimed (``claim_id``), or kept for a new ``reason``."""

    line_id: int
    rlts_traf_id: str
    amount_fen: int
    booked_on: date
    return_reason: str | None
    has_waited: bool
    claim_id: int | None
    obligation_no: str | None
    reason: str | None
    end_to_end_id: str | None


@dataclass(frozen=True, slots=True)
class MatchScope:
    """Which lines are looked at: those of a new file, and what waits for these cases. All of one agency."""

    admdvs: str
    cases: Sequence[str]
    file_id: UUID | None = None

    def parameters(self, now: datetime) -> dict[str, object]:
        """For ``MATCH``."""
        return {
            "admdvs": self.admdvs,
            "cases": list(self.cases),
            "file_id": self.file_id,
            "now": now,
            "reasons": [reason.value for reason in ADVICE],
            "owners": [advice.owner for advice in ADVICE.values()],
        }


async def match_receipts(connection: AsyncConnection, scope: MatchScope, *, now: datetime) -> list[Matched]:
    """Claim what agrees and keep the rest in suspense; the caller holds the agency's matching lock."""
    rows = await connection.execute(_RECEIPTS, scope.parameters(now))
    return [Matched(**row._mapping) for row in rows]
