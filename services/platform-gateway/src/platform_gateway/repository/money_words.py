"""SQL for the word that counts on each kind of money fact, of the cases in ``k``.

``k`` has the case's number and both its areas.
"""

CASES = """
    k AS (
        SELECT rlts_traf_id, trafout_admdvs, trafin_admdvs FROM transfer_case
        WHERE rlts_traf_id = ANY(CAST(:cases AS text[]))
    )
"""
"""``k``: the cases by number."""
WORDS = """
    fact AS MATERIALIZED (
        SELECT f.rlts_traf_id, f.kind, f.amount, f.booked_on, f.recorded_at, f.message_id, f.receipt_no, f.fact_no
        FROM k
        -- Case by case (OFFSET 0): otherwise the facts of all cases are read for those of some thousand.
        CROSS JOIN LATERAL (SELECT * FROM money_fact WHERE rlts_traf_id = k.rlts_traf_id OFFSET 0) f
        WHERE f.sender = CASE
            WHEN f.kind IN ('paid', 'returned', 'refunded') THEN 'ledger.' || k.trafout_admdvs
            WHEN f.kind IN ('received', 'matched') THEN 'ledger.' || k.trafin_admdvs
            WHEN f.kind IN ('credited', 'reversed') THEN 'inbound.' || k.trafin_admdvs END
          AND (f.kind <> 'matched' OR (f.amount > 0 AND NOT EXISTS (
              SELECT FROM money_fact n
              WHERE n.rlts_traf_id = f.rlts_traf_id AND n.kind = 'matched' AND n.sender = f.sender
                AND n.obligation_no = f.obligation_no AND n.receipt_no = f.receipt_no AND n.fact_no > f.fact_no)))
    ), receipt AS (
        SELECT DISTINCT ON (rlts_traf_id, receipt_no) rlts_traf_id, receipt_no, amount, booked_on, recorded_at,
               message_id, fact_no
        FROM (
            SELECT rlts_traf_id, receipt_no, amount, booked_on, recorded_at, message_id, fact_no, 0 AS rank
            FROM fact WHERE kind = 'received'
            UNION ALL
            SELECT rlts_traf_id, receipt_no, sum(amount), min(booked_on), max(recorded_at),
                   CAST(min(CAST(message_id AS text)) AS uuid), max(fact_no), 1
            FROM fact WHERE kind = 'matched' GROUP BY rlts_traf_id, receipt_no
        ) word
        ORDER BY rlts_traf_id, receipt_no, rank, fact_no DESC
    )
"""
"""``fact``: the payer's books on what left and came back to them, the payee's on what came in, the inbound on the
account. ``receipt``: a receipt is told once or more; the last word counts, and a match alone proves it too. Of matches
of one receipt with one obligation the last word counts as well; one over nothing takes it back.
"""
MOVES = f"""
    {WORDS}, move AS (
        SELECT rlts_traf_id, kind, booked_on AS moved_on, fact_no,
               CASE kind WHEN 'paid' THEN amount ELSE -amount END AS amount
        FROM fact WHERE kind IN ('paid', 'returned') AND amount <> 0
        UNION ALL
        SELECT rlts_traf_id, 'received', booked_on, fact_no, -amount FROM receipt WHERE amount <> 0
        UNION ALL
        -- Money that nothing was matched with and that the payer had back afterwards.
        SELECT r.rlts_traf_id, 'sent_back', min(b.booked_on), r.fact_no, r.amount
        FROM receipt r
        JOIN fact b ON b.rlts_traf_id = r.rlts_traf_id AND b.kind = 'returned' AND b.booked_on > r.booked_on
        WHERE r.amount <> 0 AND NOT EXISTS (
            SELECT FROM fact m
            WHERE m.rlts_traf_id = r.rlts_traf_id AND m.kind = 'matched' AND m.receipt_no = r.receipt_no)
        GROUP BY r.rlts_traf_id, r.fact_no, r.amount
    )
"""  # noqa: S608 - our own text
"""``move``: what each case's money did between the two banks, in fen; what it adds up to is on its way (more than 0),
or has arrived though nobody told that it left (less).
"""
