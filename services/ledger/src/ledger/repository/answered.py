"""SQL for what has been answered of lines that still wait in part, as of any day; takes ``:day`` and ``:admdvs``."""

ANSWERED = """
    (SELECT x.line_id, CAST(sum(c.amount_fen) AS bigint) AS amount_fen
     FROM clearing c CROSS JOIN LATERAL (VALUES (c.credit_line_id), (c.debit_line_id)) AS x (line_id)
     WHERE c.admdvs = :admdvs AND c.cleared_on <= :day AND x.line_id IS NOT NULL
     GROUP BY x.line_id)
"""
"""A row for each line that is not settled by one claim: how much of it (fen) was answered by the end of the day."""
