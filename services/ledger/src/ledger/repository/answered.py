"""SQL for what has been answered of lines and obligations, as of any day; takes ``:day`` and ``:admdvs``, totals
``:since`` too.

A claim that was undone later answered its line until then: so a past day's items stay what they were. Each question has
two forms: over all of an agency, for totals, and of the one row ``w``, for a page of a list.
"""

_STOOD = "claimed_on <= :day AND (undone_on IS NULL OR undone_on > :day)"
# What a total asks for that compares a period's end with its beginning; a day before the period nothing is left out.
_STOOD_SINCE = "claimed_on <= :day AND (undone_on IS NULL OR undone_on >= :since)"
_AT_BOTH_ENDS = """
    CAST(sum(amount_fen) FILTER (WHERE undone_on IS NULL OR undone_on > :day) AS bigint) AS amount_fen,
    CAST(sum(amount_fen) FILTER (WHERE claimed_on < :since) AS bigint) AS before_fen
"""
# An exclusive claim that stands settles its line for good, and its obligation unless the payment came back.
_IN_PART = "(NOT is_exclusive OR undone_on IS NOT NULL)"
# As ``ix_claim_answered`` has it, also where ``kind`` is asked for by itself: otherwise no index would serve.
_IN_PART_OR_BACK = "(NOT is_exclusive OR undone_on IS NOT NULL OR kind = 'return')"
_MOVED = "CASE kind WHEN 'return' THEN -amount_fen ELSE amount_fen END AS amount_fen"

ANSWERED = f"""
    (SELECT line_id, {_AT_BOTH_ENDS}
     FROM (
         SELECT line_id, amount_fen, claimed_on, undone_on
         FROM claim WHERE admdvs = :admdvs AND {_IN_PART} AND {_STOOD_SINCE}
         UNION ALL
         SELECT x.line_id, c.amount_fen, c.cleared_on, NULL
         FROM clearing c CROSS JOIN LATERAL (VALUES (c.credit_line_id), (c.debit_line_id)) AS x (line_id)
         WHERE c.admdvs = :admdvs AND c.cleared_on <= :day AND x.line_id IS NOT NULL
     ) p
     GROUP BY line_id)
"""  # noqa: S608  # only our own SQL is put in
"""A row for each line that is not settled by one claim: how much of it (fen) was answered by the end of the day, and by
the beginning of the period.
"""

ANSWERED_OF_LINE = f"""
    (SELECT CAST(sum(p.amount_fen) AS bigint) AS answered_fen
     FROM (
         SELECT amount_fen FROM claim WHERE line_id = w.line_id AND {_IN_PART} AND {_STOOD}
         UNION ALL
         SELECT amount_fen FROM clearing WHERE credit_line_id = w.line_id AND cleared_on <= :day
         UNION ALL
         SELECT amount_fen FROM clearing WHERE debit_line_id = w.line_id AND cleared_on <= :day
     ) p)
"""  # noqa: S608  # only our own SQL is put in
"""The same of the line ``w``."""

MOVED = f"""
    (SELECT obligation_id, {_AT_BOTH_ENDS}
     FROM (
         SELECT obligation_id, {_MOVED}, claimed_on, undone_on FROM claim
         WHERE admdvs = :admdvs AND {_IN_PART_OR_BACK} AND {_STOOD_SINCE}
         UNION ALL
         SELECT obligation_id, amount_fen, claimed_on, undone_on FROM claim
         WHERE is_exclusive AND undone_on IS NULL AND kind <> 'return' AND claimed_on <= :day AND obligation_id IN (
             SELECT obligation_id FROM claim
             WHERE admdvs = :admdvs AND {_IN_PART_OR_BACK} AND kind = 'return'
         )
         UNION ALL
         SELECT obligation_id, amount_fen, cleared_on, NULL FROM clearing
         WHERE admdvs = :admdvs AND cleared_on <= :day AND obligation_id IS NOT NULL
     ) p
     GROUP BY obligation_id)
"""  # noqa: S608  # only our own SQL is put in
"""A row for each obligation that one claim does not settle for good: how much of it (fen) had moved, and not come
back, by the end of the day, and by the beginning of the period.
"""

MOVED_OF_OBLIGATION = f"""
    (SELECT CAST(sum(p.amount_fen) AS bigint) AS answered_fen
     FROM (
         SELECT {_MOVED} FROM claim WHERE obligation_id = w.id AND {_STOOD}
         UNION ALL
         SELECT amount_fen FROM clearing WHERE obligation_id = w.id AND cleared_on <= :day
     ) p)
"""  # noqa: S608  # only our own SQL is put in
"""The same of the obligation ``w``."""
