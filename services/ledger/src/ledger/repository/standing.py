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

# Settled after the period, or in it and open when it began: what came and went within it was in no report. Each is a
# condition of its own, so that the index holds all of it.
_SETTLED_SINCE = (
    "settled_on > :day AND {since_day} <= :day",
    "settled_on BETWEEN :since AND :day AND {since_day} < :since",
)
_STEP = "width_bucket(CAST(:day AS date) - {since_day}, CAST(:steps AS integer[]))"
_LINE = "line_id, kind, reason, booked_on, {settled_on} AS settled_on, amount_fen AS full_fen"


def _counted(keys: str, since_day: str, *, fen: str, standing: str, special: str, exact: str) -> str:
    """Rows to be summed by ``keys`` and ``step`` of age.

    The ``fen`` of the rows ``standing`` now (up to their last condition) are added up as they are, one range of the
    index for each step. Where items are ``special`` that is taken off again, and ``exact`` is what they were.
    """
    counts = """
        CASE WHEN {is_before} THEN {count} ELSE 0 END, CASE WHEN {is_before} THEN {fen} ELSE 0 END,
        CASE WHEN {is_before} THEN {count} ELSE 0 END, CASE WHEN {is_before} THEN 0 ELSE {fen} END
    """
    before = keys.replace("reason", "reason, reason AS reason_before")
    return f"""
    (SELECT {before}, r.step, item_count, amount_fen,
            CASE WHEN r.is_before THEN item_count ELSE 0 END AS brought_count,
            CASE WHEN r.is_before THEN amount_fen ELSE 0 END AS brought_fen,
            CASE WHEN r.is_before THEN item_count ELSE 0 END AS stayed_count,
            CASE WHEN r.is_before THEN 0 ELSE amount_fen END AS added_fen
     FROM (
         SELECT step, first_day, last_day, last_day < :since AS is_before
         FROM unnest(CAST(:first_days AS date[]), CAST(:last_days AS date[]))
              WITH ORDINALITY AS d (first_day, last_day, step)
     ) r
     CROSS JOIN LATERAL (
         SELECT {keys}, count(*) AS item_count, CAST(sum({fen}) AS bigint) AS amount_fen
         FROM {standing} AND {since_day} BETWEEN r.first_day AND r.last_day
         GROUP BY {keys}
     ) n
     UNION ALL
     SELECT {before}, {_STEP.format(since_day=since_day)}, -1, -full_fen,
            {counts.format(is_before=f"{since_day} < :since", count="-1", fen="-full_fen")}
     FROM {special} s
     UNION ALL
     SELECT {keys.replace("reason", "reason, reason_before")}, {_STEP.format(since_day=since_day)},
            CAST(open_fen > 0 AS int), open_fen, CAST(before_fen > 0 AS int), before_fen,
            CAST(open_fen > 0 AND before_fen > 0 AS int), greatest(open_fen - before_fen, 0)
     FROM ({exact}) e)
"""


_CHANGED_IN = """
    SELECT DISTINCT ON (line_id) line_id, until_on, reason FROM suspense_past
    WHERE admdvs = :admdvs AND until_on >= :since AND booked_on <= :day ORDER BY line_id, until_on
"""
WAITING_WITH = f"""
    answered AS MATERIALIZED {ANSWERED},
    changed AS MATERIALIZED ({_CHANGED_IN}),
    waits_still AS MATERIALIZED (
        SELECT {_LINE.format(settled_on="CAST(NULL AS date)")} FROM suspense
        WHERE admdvs = :admdvs AND settled_on IS NULL AND booked_on <= :day
          AND line_id IN (SELECT line_id FROM answered UNION ALL SELECT line_id FROM changed)
    )
"""
"""What ``WAITING`` is put together from."""

_LINES_SETTLED = [
    f"""
    SELECT {_LINE.format(settled_on="settled_on")} FROM suspense
    WHERE admdvs = :admdvs AND {settled.format(since_day="booked_on")}
    """
    for settled in _SETTLED_SINCE
]
WAITING = _counted(
    "reason, kind",
    "booked_on",
    fen="amount_fen",
    standing="suspense WHERE admdvs = :admdvs AND settled_on IS NULL",
    special="waits_still",
    exact=f"""
        SELECT w.kind, w.booked_on,
               CASE WHEN c.until_on <= :day THEN coalesce(next.reason, w.reason)
                    ELSE coalesce(c.reason, w.reason) END AS reason,
               coalesce(c.reason, w.reason) AS reason_before,
               CASE WHEN w.settled_on <= :day THEN 0 ELSE w.full_fen - coalesce(a.amount_fen, 0) END AS open_fen,
               CASE WHEN w.booked_on >= :since THEN 0 ELSE w.full_fen - coalesce(a.before_fen, 0) END AS before_fen
        FROM (
            SELECT * FROM waits_still
            UNION ALL
            {" UNION ALL ".join(_LINES_SETTLED)}
        ) w
        LEFT JOIN answered a ON a.line_id = w.line_id
        LEFT JOIN changed c ON c.line_id = w.line_id
        LEFT JOIN LATERAL (
            SELECT reason FROM suspense_past
            WHERE line_id = c.line_id AND until_on > :day AND c.until_on <= :day ORDER BY until_on LIMIT 1
        ) next ON true
    """,
)
"""Bank lines that waited at the end of a period or at its beginning, for totals; takes ``:since`` and the steps too."""

OWED_WITH = f"""
    moved AS MATERIALIZED {MOVED},
    owed_still AS MATERIALIZED (
        SELECT {_OBLIGATION}, CAST(NULL AS date) AS until_on, due_fen AS full_fen
        FROM {_STOOD[0]} AND id IN (SELECT obligation_id FROM moved)
    )
"""
"""What ``OWED`` is put together from."""

_OWED_SETTLED = [
    f"""
    SELECT {_OBLIGATION}, settled_on FROM obligation
    WHERE admdvs = :admdvs AND state NOT IN ('open', 'returned') AND {settled.format(since_day="known_on")}
    """
    for settled in _SETTLED_SINCE
]
OWED = _counted(
    "kind",
    "known_on",
    fen="due_fen",
    standing=f"(SELECT {_OBLIGATION} FROM {_STOOD[0]}) o WHERE true",
    special="owed_still",
    exact=f"""
        SELECT w.kind, w.known_on,
               CASE WHEN w.until_on <= :day THEN 0 ELSE greatest(w.due_fen - coalesce(a.amount_fen, 0), 0)
               END AS open_fen,
               CASE WHEN w.known_on >= :since THEN 0 ELSE greatest(w.due_fen - coalesce(a.before_fen, 0), 0)
               END AS before_fen
        FROM (
            SELECT id, kind, known_on, due_fen, until_on FROM owed_still
            UNION ALL
            {" UNION ALL ".join(_OWED_SETTLED)}
            UNION ALL
            SELECT obligation_id, kind, known_on, due_fen, until_on
            FROM obligation_past WHERE admdvs = :admdvs AND until_on >= :since AND known_on <= :day
        ) w
        LEFT JOIN moved a ON a.obligation_id = w.id
    """,
)
"""Obligations that no money answered at the end of a period or at its beginning, for totals; ``:since``, steps too."""


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


def _waiting_page(branches: list[str]) -> str:
    return _page(
        branches,
        "reason = ANY(:reasons) AND (booked_on, line_id) > (:after_on, :after_id)",
        ANSWERED_OF_LINE,
        "amount_fen - coalesce(a.answered_fen, 0)",
        "booked_on, line_id",
    )


WAITING_PAGE = _waiting_page(_WAITED_ROWS)
"""Those of some reasons, after a day and line; no more than ``:limit``, all where that is null."""

NO_LONGER = f"no_longer AS MATERIALIZED ({' UNION ALL '.join(_WAITED_ROWS[1:])})"
WAITING_PAGES = _waiting_page([_WAITED_ROWS[0], "SELECT * FROM no_longer WHERE true"])
"""The same where several lists are asked for at once, of which ``NO_LONGER`` is what they have in common."""

OWED_PAGE = _page(
    _STOOD_ROWS,
    "(known_on, id) > (:after_on, :after_id)",
    MOVED_OF_OBLIGATION,
    "due_fen - coalesce(a.answered_fen, 0)",
    "known_on, id",
)
"""Those after a day and obligation."""
