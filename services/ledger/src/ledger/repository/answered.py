"""SQL for what has been answered of lines and obligations, as of any day; takes ``:day`` and ``:admdvs``."""

_STOOD = "claimed_on <= :day AND (undone_on IS NULL OR undone_on > :day)"

ANSWERED = f"""
    (SELECT p.line_id, CAST(sum(p.amount_fen) AS bigint) AS amount_fen
     FROM (
         SELECT line_id, amount_fen FROM claim
         WHERE admdvs = :admdvs AND (NOT is_exclusive OR undone_on IS NOT NULL) AND {_STOOD}
         UNION ALL
         SELECT x.line_id, c.amount_fen
         FROM clearing c CROSS JOIN LATERAL (VALUES (c.credit_line_id), (c.debit_line_id)) AS x (line_id)
         WHERE c.admdvs = :admdvs AND c.cleared_on <= :day AND x.line_id IS NOT NULL
     ) p
     GROUP BY p.line_id)
"""  # noqa: S608  # only our own SQL is put in
"""A row for each line that is not settled by one claim: how much of it (fen) was answered by the end of the day.

A claim that was undone later answered the line until then: so a past day's items stay what they were.
"""

MOVED = f"""
    (SELECT p.obligation_id, CAST(sum(p.amount_fen) AS bigint) AS amount_fen
     FROM (
         SELECT obligation_id, CASE kind WHEN 'return' THEN -amount_fen ELSE amount_fen END AS amount_fen FROM claim
         WHERE admdvs = :admdvs AND (NOT is_exclusive OR undone_on IS NOT NULL OR kind = 'return') AND {_STOOD}
         UNION ALL
         SELECT obligation_id, amount_fen FROM claim
         WHERE is_exclusive AND undone_on IS NULL AND kind <> 'return' AND claimed_on <= :day AND obligation_id IN (
             SELECT obligation_id FROM claim
             WHERE admdvs = :admdvs AND (NOT is_exclusive OR undone_on IS NOT NULL OR kind = 'return')
               AND kind = 'return'
         )
         UNION ALL
         SELECT obligation_id, amount_fen FROM clearing
         WHERE admdvs = :admdvs AND cleared_on <= :day AND obligation_id IS NOT NULL
     ) p
     GROUP BY p.obligation_id)
"""  # noqa: S608  # only our own SQL is put in
"""A row for each obligation that one claim does not settle for good: how much of it (fen) had moved, and not come
back, by the end of the day.
"""
