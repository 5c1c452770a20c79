"""SQL for what has been answered of lines that still wait in part, as of any day; takes ``:day`` and ``:admdvs``."""

ANSWERED = """
    (SELECT p.line_id, CAST(sum(p.amount_fen) AS bigint) AS amount_fen
     FROM (
         SELECT line_id, amount_fen FROM claim
         WHERE admdvs = :admdvs AND (NOT is_exclusive OR undone_on IS NOT NULL) AND claimed_on <= :day
           AND (undone_on IS NULL OR undone_on > :day)
         UNION ALL
         SELECT x.line_id, c.amount_fen
         FROM clearing c CROSS JOIN LATERAL (VALUES (c.credit_line_id), (c.debit_line_id)) AS x (line_id)
         WHERE c.admdvs = :admdvs AND c.cleared_on <= :day AND x.line_id IS NOT NULL
     ) p
     GROUP BY p.line_id)
"""
"""A row for each line that is not settled by one claim: how much of it (fen) was answered by the end of the day.

A claim that was undone later answered the line until then: so a past day's items stay what they were.
"""
