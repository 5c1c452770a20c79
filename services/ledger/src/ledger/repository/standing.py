"""SQL for what stood open at the end of any day, with how much of it; takes ``:day`` and ``:admdvs``.

What stands open now is read from small indexes of its own, what was settled since from another, so that neither what is
closed nor the rows themselves are read.
"""

from ledger.repository.answered import ANSWERED, MOVED

WAITING = f"""
    (SELECT w.line_id, w.kind, w.reason, w.booked_on, w.amount_fen - coalesce(a.amount_fen, 0) AS open_fen
     FROM (
         SELECT line_id, kind, reason, booked_on, amount_fen FROM suspense
         WHERE admdvs = :admdvs AND settled_on IS NULL AND booked_on <= :day
         UNION ALL
         SELECT line_id, kind, reason, booked_on, amount_fen FROM suspense
         WHERE admdvs = :admdvs AND settled_on > :day AND booked_on <= :day
     ) w
     LEFT JOIN {ANSWERED} a ON a.line_id = w.line_id
     WHERE a.amount_fen IS DISTINCT FROM w.amount_fen)
"""  # noqa: S608  # only our own SQL is put in
"""Each bank line that waited."""

OWED = f"""
    (SELECT o.id, o.kind, o.known_on, o.due_fen - coalesce(a.amount_fen, 0) AS open_fen
     FROM (
         SELECT id, {{kind}} AS kind, known_on, due_fen FROM obligation
         WHERE admdvs = :admdvs AND state IN ('open', 'returned') AND known_on <= :day
         UNION ALL
         SELECT id, {{kind}}, known_on, due_fen FROM obligation
         WHERE admdvs = :admdvs AND settled_on > :day AND known_on <= :day AND state NOT IN ('open', 'returned')
     ) o
     LEFT JOIN {MOVED} a ON a.obligation_id = o.id
     WHERE o.due_fen > coalesce(a.amount_fen, 0))
""".replace("{kind}", "CASE WHEN (side = 'payer') = (direction = 'pay') THEN 'payment' ELSE 'receipt' END")  # noqa: S608
"""Each obligation that no money answered; the payer pays and the payee returns, otherwise we wait for money."""
