"""SQL for what stood open at the end of any day, with how much of it; takes ``:day`` and ``:admdvs``.

What stands open now is read from small indexes of its own, what was settled since from another, so that neither what is
closed nor the rows themselves are read. The pages follow those indexes, oldest first, and stop when they are full.
What has changed since, and would be shown as it is now, is read as it was from the tables of pasts (decision 0097).
"""

# ruff: noqa: S608  # only our own SQL is put together

from ledger.repository.answered import ANSWERED, ANSWERED_OF_LINE, MOVED, MOVED_OF_OBLIGATION

_CHANGED_SINCE = "suspense_past WHERE admdvs = :admdvs AND until_on > :day AND booked_on <= :day"
# Now, or on the day though no longer, and what said something else then; branches, each with its index.
_WAITED = [
    f"""
    suspense s WHERE admdvs = :admdvs AND {settled} AND booked_on <= :day
      AND NOT EXISTS (SELECT FROM {_CHANGED_SINCE} AND line_id = s.line_id)
    """
    for settled in ("settled_on IS NULL", "settled_on > :day")
]
_WAITED_OTHERWISE = f"""
    (SELECT p.line_id, s.kind, p.reason, s.booked_on, s.amount_fen, s.settled_on
     FROM (SELECT DISTINCT ON (line_id) line_id, reason FROM {_CHANGED_SINCE} ORDER BY line_id, until_on) p
     CROSS JOIN LATERAL (SELECT * FROM suspense WHERE line_id = p.line_id OFFSET 0) s) s
    WHERE (settled_on IS NULL OR settled_on > :day)
"""
_STOOD = [
    f"obligation WHERE admdvs = :admdvs AND {settled} AND known_on <= :day"
    for settled in ("state IN ('open', 'returned')", "settled_on > :day AND state NOT IN ('open', 'returned')")
]
# The payer pays and the payee returns; otherwise we wait for money.
_OBLIGATION = """
    id, CASE WHEN (side = 'payer') = (direction = 'pay') THEN 'payment' ELSE 'receipt' END AS kind, known_on, due_fen
"""
_OWED_OTHERWISE = """
    SELECT id, kind, known_on, due_fen
    FROM (SELECT obligation_id AS id, kind, known_on, due_fen, until_on, admdvs FROM obligation_past) p
    WHERE admdvs = :admdvs AND until_on > :day AND known_on <= :day
"""
_WAITED_ROWS = [
    f"SELECT line_id, kind, reason, booked_on, amount_fen FROM {rows}" for rows in (*_WAITED, _WAITED_OTHERWISE)
]
_STOOD_ROWS = [*(f"SELECT {_OBLIGATION} FROM {rows}" for rows in _STOOD), _OWED_OTHERWISE]

# The same of everything that stood at the end of some day since the one before the period.
_CHANGED_IN = "suspense_past WHERE admdvs = :admdvs AND until_on >= :since AND booked_on <= :day"
_WAITED_IN = [
    f"""
    SELECT line_id, kind, reason, reason AS reason_before, booked_on, settled_on, amount_fen
    FROM suspense s
    WHERE admdvs = :admdvs AND {settled} AND booked_on <= :day
      AND NOT EXISTS (SELECT FROM {_CHANGED_IN} AND line_id = s.line_id)
    """
    for settled in ("settled_on IS NULL", "settled_on >= :since")
]
_WAITED_IN_OTHERWISE = f"""
    SELECT p.line_id, s.kind, CASE WHEN p.until_on > :day THEN p.reason ELSE coalesce(next.reason, s.reason) END,
           p.reason, s.booked_on, s.settled_on, s.amount_fen
    FROM (SELECT DISTINCT ON (line_id) line_id, until_on, reason FROM {_CHANGED_IN} ORDER BY line_id, until_on) p
    CROSS JOIN LATERAL (SELECT * FROM suspense WHERE line_id = p.line_id OFFSET 0) s
    LEFT JOIN LATERAL (
        SELECT reason FROM suspense_past
        WHERE line_id = p.line_id AND until_on > :day AND p.until_on <= :day ORDER BY until_on LIMIT 1
    ) next ON true
    WHERE s.settled_on IS NULL OR s.settled_on >= :since
"""
_STOOD_IN = [
    f"""
    SELECT {_OBLIGATION}, {until} AS until_on
    FROM obligation WHERE admdvs = :admdvs AND {settled} AND known_on <= :day
    """
    for until, settled in (
        ("CAST(NULL AS date)", "state IN ('open', 'returned')"),
        ("settled_on", "settled_on >= :since AND state NOT IN ('open', 'returned')"),
    )
]
_OWED_IN_OTHERWISE = """
    SELECT obligation_id, kind, known_on, due_fen, until_on
    FROM obligation_past WHERE admdvs = :admdvs AND until_on >= :since AND known_on <= :day
"""

WAITING = f"""
    (SELECT w.kind, w.reason, w.reason_before, w.booked_on,
            CASE WHEN w.settled_on <= :day THEN 0 ELSE w.amount_fen - coalesce(a.amount_fen, 0) END AS open_fen,
            CASE WHEN w.booked_on >= :since THEN 0 ELSE w.amount_fen - coalesce(a.before_fen, 0) END AS before_fen
     FROM ({" UNION ALL ".join((*_WAITED_IN, _WAITED_IN_OTHERWISE))}) w
     LEFT JOIN {ANSWERED} a ON a.line_id = w.line_id)
"""
"""Each bank line that waited at the end of a period or at its beginning, for totals; takes ``:since`` too."""

OWED = f"""
    (SELECT w.kind, w.known_on,
            CASE WHEN w.until_on <= :day THEN 0 ELSE greatest(w.due_fen - coalesce(a.amount_fen, 0), 0) END AS open_fen,
            CASE WHEN w.known_on >= :since THEN 0 ELSE greatest(w.due_fen - coalesce(a.before_fen, 0), 0)
            END AS before_fen
     FROM ({" UNION ALL ".join((*_STOOD_IN, _OWED_IN_OTHERWISE))}) w
     LEFT JOIN {MOVED} a ON a.obligation_id = w.id)
"""
"""Each obligation that no money answered at the end of a period or at its beginning, for totals; ``:since`` too."""


def _page(branches: list[str], after: str, answered: str, left_fen: str, order: str) -> str:
    # The first branch follows its index. The others are small and put in order before it is worked out how much of
    # each was left: that is done only as far as the page goes.
    in_order = ["", *[f"ORDER BY {order} OFFSET 0"] * (len(branches) - 1)]
    found = [
        f"""
        (SELECT w.*, {left_fen} AS open_fen
         FROM ({rows} AND {after} {sorting}) w CROSS JOIN LATERAL {answered} a
         WHERE {left_fen} > 0
         ORDER BY {order} LIMIT :limit)
        """
        for rows, sorting in zip(branches, in_order, strict=True)
    ]
    return f"({' UNION ALL '.join(found)} ORDER BY {order} LIMIT :limit)"


WAITING_PAGE = _page(
    _WAITED_ROWS,
    "reason = ANY(:reasons) AND (booked_on, line_id) > (:after_on, :after_id)",
    ANSWERED_OF_LINE,
    "amount_fen - coalesce(a.answered_fen, 0)",
    "booked_on, line_id",
)
"""Those of some reasons, after a day and line; no more than ``:limit``, all where that is null."""

OWED_PAGE = _page(
    _STOOD_ROWS,
    "(known_on, id) > (:after_on, :after_id)",
    MOVED_OF_OBLIGATION,
    "due_fen - coalesce(a.answered_fen, 0)",
    "known_on, id",
)
"""Those after a day and obligation."""
