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

from ledger.domain.line_classes import OTHER_THAN_TRANSFER
from ledger.domain.notes import NAME_WITHIN, WHOLE_NAME
from ledger.domain.suspense import ADVICE
from ledger.domain.titles import EMPLOYEE_FUND
from ledger.repository import refund_references
from ledger.repository.left import restated
from ledger.repository.postings import claim_accounts
from shared.clock import local_date

# What has waited is matched today, since the reports of the days on which it waited have said so; what a file brings is
# matched on the bank's day.
# The planner knows nothing of rows written in this transaction and takes them for a handful. So one row per line runs
# through all of it, and a case is looked up line by line, by its number alone (OFFSET 0): otherwise each line would be
# compared with every obligation of the agency.
# A claim's number is drawn with the verdict, so that its posting looks nothing up again. The posting of a payment that
# its own file brings is the line's.
# What waits is looked at again but where people have begun: shares, clearings, a return on its way or come back, a
# match undone, a correction of the bank. What a refused return has freed is, unless the bank has debited the case all
# the same, or said so.
_COLUMNS = (
    "id", "amount_fen", "booked_on", "is_return", "return_reason", "rlts_traf_id", "obligation_no", "end_to_end_id",
    "reference_count", "counterparty_acct", "counterparty_admdvs", "names", "foreign_currency", "bank_account_id",
    "value_on",
)  # fmt: skip
# Only the employees' fund moves (decision 0096). The accounts of other funds are looked up once, not line by line.
_OTHER_FUND = """l.bank_account_id IN (SELECT id FROM bank_account WHERE admdvs = :admdvs AND fund <> :fund)
               AS is_other_fund"""
_REFUND = f"{refund_references.of_line('l')} AS refund_reference"
MATCH = (
    """
    WITH scope AS MATERIALIZED (
        SELECT {columns}, false AS has_waited
        FROM statement_line l
        WHERE l.file_id = :file_id AND l.kind = '{kind}' AND l.line_class <> ALL(:others)
        UNION ALL
        SELECT {columns}, true
        FROM suspense s JOIN statement_line l ON l.id = s.line_id
        WHERE s.admdvs = :admdvs AND s.kind = '{kind}' AND s.settled_on IS NULL AND s.rlts_traf_id = ANY(:cases)
          AND l.file_id IS DISTINCT FROM :file_id AND s.claimed_fen = 0
          AND s.returned_order_id IS NULL
          AND NOT EXISTS (SELECT FROM payment_order p
                          WHERE p.returns_line_id = l.id AND p.state <> 'cancelled'
                            AND (p.state <> 'rejected' OR EXISTS (
                                SELECT FROM suspense w
                                WHERE w.rlts_traf_id = s.rlts_traf_id AND w.admdvs = s.admdvs AND w.kind = 'payment'
                                  AND w.settled_on IS NULL
                            ) OR EXISTS (
                                SELECT FROM alert a
                                WHERE a.admdvs = s.admdvs AND a.kind = 'bank_answer' AND a.subject = p.end_to_end_id
                                  AND a.settled_at IS NULL)))
          AND NOT EXISTS (SELECT FROM clearing p WHERE p.credit_line_id = l.id OR p.debit_line_id = l.id)
          AND NOT EXISTS (SELECT FROM claim c WHERE c.line_id = s.line_id AND c.undone_on IS NOT NULL)
          AND NOT {restated}
    ), pair AS (
        {pair}
    ), of_lines AS (
        SELECT *, count(*) FILTER (WHERE agrees) OVER (PARTITION BY id) AS per_line FROM pair
    ), counted AS (
        SELECT *, count(*) FILTER (WHERE agrees) OVER of_obligation AS per_obligation,
               count(*) FILTER (WHERE agrees AND per_line = 1) OVER of_obligation AS bound_lines
        FROM of_lines WINDOW of_obligation AS (PARTITION BY obligation_id)
    ), verdict AS MATERIALIZED (
        SELECT DISTINCT ON (id) *,
               CASE WHEN has_waited THEN greatest(booked_on, :today)
                    ELSE greatest(booked_on, known_on, :open_from) END AS matched_on,
               agrees AND per_line = 1 AND per_obligation = 1 AND obligation_id IS NOT NULL AS is_matched,
               CASE WHEN agrees AND per_line = 1 AND per_obligation = 1 AND obligation_id IS NOT NULL
                    THEN nextval('claim_id_seq') END AS claim_id,
               CASE WHEN is_open AND NOT is_answered THEN nullif(difference_fen, 0) END AS open_difference_fen,
               CASE WHEN foreign_currency IS NOT NULL THEN 'foreign_currency' {reason}
                    WHEN is_other_fund THEN 'other_fund' ELSE 'several_candidates' END AS reason
        FROM counted CROSS JOIN LATERAL (
            -- Another line is claimed for it here and now: one that agrees with this alone, and that alone agrees.
            SELECT NOT agrees AND NOT is_other_fund AND per_obligation = 1 AND bound_lines = 1
                   AND obligation_id IS NOT NULL AS is_answered
        ) a
        ORDER BY id, agrees DESC, is_named DESC, is_open AND NOT is_answered DESC, is_open DESC,
                 coalesce(state = 'open', false) DESC, abs(difference_fen), obligation_id DESC
    ), claimed AS (
        INSERT INTO claim (id, admdvs, kind, line_id, obligation_id, order_id, amount_fen, is_exclusive, claimed_on,
                           claimed_at)
        SELECT claim_id, :admdvs, '{kind}', id, obligation_id, order_id, amount_fen, true, matched_on, :now
        FROM verdict WHERE is_matched
    ), books AS MATERIALIZED (
        SELECT * FROM bank_account_books WHERE admdvs = :admdvs
    ), booked AS (
        INSERT INTO posting (admdvs, fund, debit_account, credit_account, amount_fen, booking_date, effective_date,
                             cause, cause_id, rlts_traf_id, recorded_at)
        SELECT b.admdvs, b.fund, {accounts}, v.amount_fen, v.matched_on, v.value_on, 'claim', v.claim_id,
               v.rlts_traf_id, :now
        FROM verdict v JOIN books b ON b.bank_account_id = v.bank_account_id
        WHERE v.is_matched AND ('{kind}' <> 'payment' OR v.has_waited)
        ORDER BY v.claim_id
    ), past AS (
        INSERT INTO suspense_past (line_id, until_on, admdvs, booked_on, reason, owner, difference_fen)
        SELECT v.id, :today, :admdvs, s.booked_on, s.reason, s.owner, s.difference_fen
        FROM verdict v CROSS JOIN LATERAL (SELECT * FROM suspense WHERE line_id = v.id OFFSET 0) s
        WHERE v.has_waited AND NOT v.is_matched AND s.opened_at < :now
          AND (s.reason, s.difference_fen) IS DISTINCT FROM (v.reason, v.open_difference_fen)
        ON CONFLICT DO NOTHING
    ), kept AS (
        INSERT INTO suspense AS present (line_id, admdvs, kind, reason, difference_fen, owner, amount_fen, booked_on,
                                         opened_at, rlts_traf_id)
        SELECT v.id, :admdvs, '{kind}', v.reason, v.open_difference_fen, o.owner,
               v.amount_fen, v.booked_on, :now, v.rlts_traf_id
        FROM verdict v
        JOIN unnest(CAST(:reasons AS text[]), CAST(:owners AS text[])) AS o (reason, owner) ON o.reason = v.reason
        WHERE NOT v.is_matched
        ON CONFLICT (line_id) DO UPDATE
        SET reason = excluded.reason, difference_fen = excluded.difference_fen, owner = excluded.owner,
            version = present.version + 1
        WHERE (present.reason, present.difference_fen) IS DISTINCT FROM (excluded.reason, excluded.difference_fen)
    ), closed AS (
        UPDATE suspense SET settled_on = v.matched_on, version = suspense.version + 1
        FROM verdict v WHERE suspense.line_id = v.id AND v.is_matched AND v.has_waited
    ), {settled}, found AS (
        INSERT INTO untold (admdvs, kind, line_id, rlts_traf_id, amount_fen, booked_on, return_reason, is_matched,
                            reason_before, obligation_no, is_owed_return, end_to_end_id, reason, found_at)
        SELECT :admdvs, '{kind}', v.id, v.rlts_traf_id, v.amount_fen, v.booked_on, v.return_reason, v.is_matched,
               before.reason,
               CASE WHEN v.is_matched THEN v.claimed_no END,
               CASE WHEN v.is_matched THEN v.claimed_direction = 'return' ELSE false END,
               CASE WHEN v.is_matched THEN v.order_reference END,
               CASE WHEN NOT v.is_matched THEN v.reason END, :now
        FROM verdict v
        LEFT JOIN LATERAL (SELECT reason FROM suspense WHERE v.has_waited AND line_id = v.id OFFSET 0) before ON true
        WHERE v.rlts_traf_id IS NOT NULL AND (v.is_matched OR before.reason IS DISTINCT FROM v.reason)
        ORDER BY v.id
    )
    SELECT DISTINCT rlts_traf_id FROM verdict WHERE is_matched AND {answer}
""".replace("{restated}", restated("l.id"))
    .replace("{columns}", ", ".join((*(f"l.{name}" for name in _COLUMNS), _OTHER_FUND, _REFUND)))
    .replace("{accounts}", claim_accounts("'{kind}'", "v.claimed_direction"))
)

# Money that was booked before that was known which it answers stood in suspense in between, even where one file brings
# the match at once: without a row the report of that day would miss it.
WAITED = """waited AS (
            INSERT INTO suspense (line_id, admdvs, kind, reason, owner, amount_fen, booked_on, opened_at, settled_on,
                                  rlts_traf_id)
            SELECT v.id, :admdvs, '{kind}', o.reason, o.owner, v.amount_fen, v.booked_on, :now, v.matched_on,
                   v.rlts_traf_id
            FROM verdict v
            JOIN unnest(CAST(:reasons AS text[]), CAST(:owners AS text[])) AS o (reason, owner)
              ON o.reason = '{waits_for}'
            WHERE v.is_matched AND NOT v.has_waited AND v.booked_on < v.matched_on
        )"""

# Credits tell the returns of whoever paid them too: those say which of our payments came back.
NAMES_OWN_RETURN = f"""(s.refund_reference IS NOT NULL AND EXISTS (
                       SELECT FROM (SELECT * FROM payment_order WHERE rlts_traf_id = s.rlts_traf_id OFFSET 0) r
                       WHERE r.admdvs = :admdvs AND r.returns_line_id IS NOT NULL
                         AND {refund_references.of_order("r")} = s.refund_reference))"""  # noqa: S608

# Nobody else is named: no run is a name of its own (张三丰 for 张三), and none is left beside the person's own.
SAME_NAME = """(s.names <@ ARRAY[o.match_name] OR NOT EXISTS (
                       SELECT FROM unnest(s.names) AS note (run)
                       WHERE run <> o.match_name
                         AND (run ~ :whole_name OR replace(run, o.match_name, ' ') ~ :name_within)
                   ))"""

_RECEIPTS = text(
    MATCH.format(
        kind="receipt",
        answer="state = 'cancelled'",
        pair="""
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
                   {names_return} AS names_return,
                   {same_name} AS same_name
        ) x
        """,
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
        settled="""{waited}, settled AS (
            UPDATE obligation
            SET state = CASE obligation.direction WHEN 'return' THEN 'settled' ELSE 'matched' END,
                settled_on = least(obligation.settled_on, v.matched_on)
            FROM verdict v WHERE obligation.id = v.obligation_id AND v.is_matched
        )""",
    )
    .replace("{same_name}", SAME_NAME)
    .replace("{names_return}", NAMES_OWN_RETURN)
    .replace("{waited}", WAITED.format(kind="receipt", waits_for="awaiting_sheet"))
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
        """For ``MATCH``."""
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
