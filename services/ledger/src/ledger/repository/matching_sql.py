"""SQL that matches bank lines of one kind, a set at a time: judged, then claimed and booked, or kept with a reason."""

from sqlalchemy import TextClause, text

from ledger.repository import refund_references
from ledger.repository.left import restated
from ledger.repository.postings import claim_accounts

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
_MATCH = """
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
"""

# Money that was booked before that was known which it answers stood in suspense in between, even where one file brings
# the match at once: without a row the report of that day would miss it.
_WAITED = """waited AS (
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


def matching_sql(kind: str, *, pair: str, reason: str, settled: str, answer: str) -> TextClause:
    """A statement that matches lines of a ``kind`` with the candidates of ``pair``, and claims and books what agrees.

    The rest waits for what the cases of ``reason`` say; ``settled`` are the steps for what was matched. It selects the
    cases of those with ``answer``. Takes ``MatchScope.parameters``.
    """
    return text(
        _MATCH.format(
            kind=kind,
            columns=", ".join((*(f"l.{name}" for name in _COLUMNS), _OTHER_FUND, _REFUND)),
            restated=restated("l.id"),
            accounts=claim_accounts(f"'{kind}'", "v.claimed_direction"),
            pair=pair,
            reason=reason,
            settled=settled,
            answer=answer,
        )
    )


def waited(kind: str, waits_for: str) -> str:
    """The step that keeps what was matched at once, but booked before: it had waited for the reason ``waits_for``."""
    return _WAITED.format(kind=kind, waits_for=waits_for)
