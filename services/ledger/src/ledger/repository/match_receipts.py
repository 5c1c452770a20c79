"""Credits of the bank against what sealed sheets say is to come, a set at a time.

Automatic only when case, payer account and amount agree, no other name stands in the note, and exactly one
candidate exists on either side (domain §8). Everything else waits with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.line_classes import OTHER_THAN_TRANSFER
from ledger.domain.notes import NAME_WITHIN, WHOLE_NAME
from ledger.domain.suspense import ADVICE
from ledger.domain.titles import EMPLOYEE_FUND
from ledger.repository.matching_sql import NAMES_OWN_RETURN, SAME_NAME, matching_sql, waited
from shared.clock import local_date

_RECEIPTS = matching_sql(
    "receipt",
    answer="state = 'cancelled'",
    pair=f"""
        SELECT s.*, o.id AS obligation_id, o.obligation_no AS claimed_no, CAST(NULL AS uuid) AS order_id,
               CAST(NULL AS text) AS order_reference, o.direction AS claimed_direction, o.known_on, o.state, x.is_open,
               x.is_late, o.is_doubtful, x.same_payer, x.same_name, x.is_named,
               x.names_return, s.amount_fen - o.due_fen + o.claimed_fen AS difference_fen,
               s.amount_fen = o.due_fen AS is_whole,
               coalesce(x.is_open AND s.amount_fen = o.due_fen AND o.claimed_fen = 0 AND x.same_payer AND x.same_name
                        AND x.is_named AND s.foreign_currency IS NULL AND NOT s.is_other_fund AND NOT o.is_doubtful
                        AND NOT x.names_return, false) AS agrees
        FROM scope s
        LEFT JOIN LATERAL (SELECT * FROM obligation WHERE rlts_traf_id = s.rlts_traf_id OFFSET 0) o
          ON o.admdvs = :admdvs AND (o.side = 'payee') = (o.direction <> 'return')
        LEFT JOIN LATERAL (
            SELECT n.* FROM (SELECT * FROM obligation WHERE rlts_traf_id = s.rlts_traf_id OFFSET 0) n
            WHERE o.state = 'cancelled' AND n.admdvs = o.admdvs AND n.side = o.side AND n.reason <> 'addendum'
              AND n.id > o.id
            ORDER BY n.id DESC LIMIT 1
        ) n ON true
        CROSS JOIN LATERAL (
            -- A payment may have left before the version came that cancelled it: the number says so, or where there is
            -- none, an amount that nothing open has. An old item that people have cancelled is no such thing.
            SELECT n.id IS NOT NULL AND o.due_fen > 0
                   AND NOT EXISTS (SELECT FROM opening_item i WHERE i.obligation_id = o.id AND i.state = 'cancelled')
                   AND CASE WHEN s.obligation_no IS NOT NULL THEN s.obligation_no = o.obligation_no
                            ELSE s.amount_fen = o.due_fen AND n.reason <> 'termination' AND NOT EXISTS (
                                SELECT FROM (SELECT * FROM obligation WHERE rlts_traf_id = s.rlts_traf_id OFFSET 0) m
                                WHERE m.admdvs = o.admdvs AND m.side = o.side AND m.direction = o.direction
                                  AND m.due_fen - m.claimed_fen = s.amount_fen
                                  AND (m.state = 'open' OR (m.state = 'cancelled' AND m.id > o.id))) END AS is_late
        ) l
        CROSS JOIN LATERAL (
            -- While the money of the last version does not move itself (``counted_anew``).
            SELECT coalesce(o.state = 'open' OR (l.is_late AND n.claimed_fen = 0
                            AND (n.state = 'open' OR n.direction = 'nothing')
                            AND NOT EXISTS (SELECT FROM payment_order p
                                            WHERE p.obligation_id = n.id AND p.state <> 'cancelled'
                                              AND NOT (n.direction = 'return' AND p.state = 'held'
                                                       AND n.released_fen < n.due_fen))), false) AS is_open,
                   coalesce(l.is_late, false) AS is_late,
                   coalesce(s.counterparty_acct = o.payer_bankacct, false) AS same_payer,
                   coalesce(s.obligation_no = o.obligation_no, true) AS is_named,
                   {NAMES_OWN_RETURN} AS names_return,
                   {SAME_NAME} AS same_name
        ) x
        """,  # noqa: S608  # only our own SQL is put in
    reason="""
            WHEN reference_count = 0 THEN 'no_reference'
            WHEN rlts_traf_id IS NULL THEN 'several_references'
            WHEN names_return THEN 'return_unlinked'
            WHEN obligation_id IS NULL AND counterparty_admdvs IS NULL THEN 'unknown_case'
            WHEN obligation_id IS NULL OR NOT is_named THEN 'awaiting_sheet'
            WHEN NOT is_open AND state IN ('matched', 'credited', 'settled') THEN 'already_settled'
            WHEN NOT is_open AND is_late THEN 'overtaken'
            WHEN NOT is_open THEN 'case_closed'
            WHEN is_doubtful THEN 'possible_duplicate'
            WHEN is_answered THEN 'already_settled'
            WHEN difference_fen <> 0 OR NOT is_whole THEN 'amount_differs'
            WHEN NOT same_payer THEN 'payer_differs'
            WHEN NOT same_name THEN 'name_differs'
        """,
    settled=f"""{waited("receipt", "awaiting_sheet")}, settled AS (
            UPDATE obligation
            SET state = CASE obligation.direction WHEN 'return' THEN 'settled' ELSE 'matched' END,
                settled_on = least(obligation.settled_on, v.matched_on)
            FROM verdict v WHERE obligation.id = v.obligation_id AND v.is_matched
        )""",  # noqa: S608  # only our own SQL is put in
)


@dataclass(frozen=True, slots=True)
class MatchScope:
    """Which lines are looked at: those of a new file, and what waits for these cases. All of one agency.

    ``open_from`` is the first day that still takes postings.
    """

    admdvs: str
    cases: Sequence[str]
    file_id: UUID | None = None
    open_from: date = date.min

    def parameters(self, now: datetime) -> dict[str, object]:
        """For ``matching_sql``."""
        return {
            "admdvs": self.admdvs,
            "cases": list(self.cases),
            "file_id": self.file_id,
            "fund": EMPLOYEE_FUND,
            "now": now,
            "today": local_date(now),
            "open_from": self.open_from,
            "reasons": [reason.value for reason in ADVICE],
            "whole_name": WHOLE_NAME,
            "name_within": NAME_WITHIN,
            "others": sorted(OTHER_THAN_TRANSFER),
            "owners": [advice.owner for advice in ADVICE.values()],
        }


async def match_receipts(connection: AsyncConnection, scope: MatchScope, *, now: datetime) -> list[str]:
    """Claim and book what agrees and keep the rest in suspense; what is new of either is ``untold``.

    The cases of which something came that a later version had cancelled. The caller holds the agency's matching
    lock, and has booked the lines of the file.
    """
    return list((await connection.scalars(_RECEIPTS, scope.parameters(now))).all())
