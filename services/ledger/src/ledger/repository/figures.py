"""What the books say of each case, for the platform to compare: worked out from obligations, claims and lines.

It counts what is told (``use_cases.tell``, ``tell_claims``): an obligation once it is covered, a receipt once it waits
for a reason that is told or was matched. Old items are nobody's business but the agency's.
"""

from sqlalchemy import text

from shared.contracts.party import Role
from shared.figures.report_figures import FiguresSource

_PICK = text(
    """
    SELECT rlts_traf_id FROM (
        (SELECT DISTINCT rlts_traf_id FROM obligation
         WHERE admdvs = :admdvs AND rlts_traf_id > :after AND rlts_traf_id >= :low AND rlts_traf_id < :high
           AND origin <> 'opening'
         ORDER BY rlts_traf_id LIMIT :limit)
        UNION
        (SELECT DISTINCT rlts_traf_id FROM obligation
         WHERE known_at >= :since AND admdvs = :admdvs AND rlts_traf_id > :after AND origin <> 'opening'
         ORDER BY rlts_traf_id LIMIT :limit)
        UNION
        (SELECT DISTINCT m.rlts_traf_id FROM message_log m
         WHERE m.recipient = 'platform' AND m.recorded_at >= :since AND m.sender = 'ledger.' || :admdvs
           AND m.rlts_traf_id > :after
           AND EXISTS (SELECT FROM obligation o WHERE o.rlts_traf_id = m.rlts_traf_id AND o.admdvs = :admdvs
                       AND o.origin <> 'opening')
         ORDER BY 1 LIMIT :limit)
    ) picked
    ORDER BY rlts_traf_id LIMIT :limit
    """
)
# What was found and is still to be told counts as told, so that the platform waits for it.
_FIGURES = text(
    """
    SELECT o.rlts_traf_id, o.side,
           coalesce(max(t.last_sequence), 0)
               + (SELECT count(*) FROM untold u WHERE u.rlts_traf_id = o.rlts_traf_id AND u.admdvs = :admdvs) AS told,
           coalesce(max(h.applied_sequence), 0) AS heard,
           coalesce(max(d.sheet_version), 0) AS sheet_version, max(d.sheet_digest) AS sheet_digest,
           max(d.amount_fen) AS stated,
           CAST(coalesce(sum(o.amount_fen) FILTER (WHERE o.reason = 'addendum'), 0) AS bigint) AS added,
           CASE o.side WHEN 'payer' THEN CAST(coalesce(sum(m.paid), 0) AS bigint) END AS paid,
           CASE o.side WHEN 'payer' THEN CAST(coalesce(sum(m.returned), 0) AS bigint) END AS returned,
           CASE o.side WHEN 'payer' THEN CAST(coalesce(sum(m.refunded), 0) AS bigint) END AS refunded,
           CASE o.side WHEN 'payee' THEN CAST(coalesce(sum(m.matched), 0) AS bigint) END AS matched,
           CASE o.side WHEN 'payee'
               THEN CAST(coalesce(max(w.amount_fen), 0) + coalesce(sum(m.matched_only), 0) AS bigint) END AS received,
           CASE o.side WHEN 'payee' THEN CAST(coalesce(sum(o.credited_fen), 0) AS bigint) END AS credited
    FROM obligation o
    LEFT JOIN message_sequence t
        ON t.rlts_traf_id = o.rlts_traf_id AND t.sender = :sender AND t.recipient = 'platform'
    LEFT JOIN inbox_cursor h
        ON h.rlts_traf_id = o.rlts_traf_id AND h.sender = 'platform' AND h.recipient = :sender
    LEFT JOIN LATERAL (
        SELECT s.sheet_version, s.sheet_digest, s.amount_fen FROM obligation s
        WHERE s.rlts_traf_id = o.rlts_traf_id AND s.admdvs = o.admdvs AND s.side = o.side
          AND s.reason IN ('balance', 'correction')
        ORDER BY s.sheet_version DESC LIMIT 1
    ) d ON true
    LEFT JOIN LATERAL (
        -- A return that was undone stays told, and the payment was told once more.
        SELECT sum(c.amount_fen) FILTER (WHERE o.direction = 'pay' AND (
                   c.kind = 'payment' OR (c.kind = 'return' AND c.undone_on IS NOT NULL))) + max(x.fen) AS paid,
               sum(c.amount_fen) FILTER (WHERE c.kind = 'return' AND o.direction = 'pay') AS returned,
               sum(c.amount_fen) FILTER (WHERE c.kind = 'receipt' AND o.direction = 'return'
                                         AND c.undone_on IS NULL) + max(x.fen) AS refunded,
               sum(c.amount_fen) FILTER (WHERE c.kind = 'receipt' AND o.direction = 'pay' AND c.undone_on IS NULL)
                   AS matched,
               sum(c.amount_fen) FILTER (WHERE c.kind = 'receipt' AND o.direction = 'pay' AND c.undone_on IS NULL
                                         AND NOT n.is_named) AS matched_only
        FROM (SELECT * FROM claim WHERE obligation_id = o.id AND (undone_on IS NULL OR kind = 'return')) c
        LEFT JOIN payment_order p ON p.id = c.order_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount_fen), 0) AS fen FROM clearing WHERE obligation_id = o.id
        ) x
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT FROM statement_line l JOIN suspense s ON s.line_id = l.id
                WHERE l.id = c.line_id AND l.rlts_traf_id = o.rlts_traf_id AND s.kind = 'receipt'
                  AND s.reason <> 'unknown_case') AS is_named
        ) n
        -- What came back was told, and stays told while it is owed anew.
        WHERE o.state <> 'open' OR p.state = 'returned'
    ) m ON true
    LEFT JOIN LATERAL (
        -- Lines that name the case and wait, or waited; none of which all was for others, or went back.
        SELECT sum(l.amount_fen) AS amount_fen
        FROM statement_line l JOIN suspense s ON s.line_id = l.id
        WHERE l.admdvs = o.admdvs AND l.rlts_traf_id = o.rlts_traf_id AND s.kind = 'receipt'
          AND s.reason <> 'unknown_case'
          AND NOT (s.settled_on IS NOT NULL
              AND NOT EXISTS (SELECT FROM claim c JOIN obligation b ON b.id = c.obligation_id
                              WHERE c.line_id = l.id AND c.undone_on IS NULL AND b.rlts_traf_id = o.rlts_traf_id))
    ) w ON true
    WHERE o.rlts_traf_id = ANY(CAST(:numbers AS text[])) AND o.admdvs = :admdvs AND o.origin <> 'opening'
    GROUP BY o.rlts_traf_id, o.side
    """
)
SOURCE = FiguresSource(Role.LEDGER, _PICK, _FIGURES)
