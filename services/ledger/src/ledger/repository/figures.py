"""What the books say of each case, for the platform to compare: worked out from obligations, claims and lines."""

from sqlalchemy import text

from shared.contracts.party import Role
from shared.figures.report_figures import FiguresSource

_PICK = text(
    """
    SELECT rlts_traf_id FROM (
        (SELECT DISTINCT rlts_traf_id FROM obligation
         WHERE admdvs = :admdvs AND rlts_traf_id > :after AND rlts_traf_id >= :low AND rlts_traf_id < :high
         ORDER BY rlts_traf_id LIMIT :limit)
        UNION
        (SELECT DISTINCT rlts_traf_id FROM obligation
         WHERE known_at >= :since AND admdvs = :admdvs AND rlts_traf_id > :after
         ORDER BY rlts_traf_id LIMIT :limit)
        UNION
        (SELECT DISTINCT m.rlts_traf_id FROM message_log m
         WHERE m.recipient = 'platform' AND m.recorded_at >= :since AND m.sender = 'ledger.' || :admdvs
           AND m.rlts_traf_id > :after
           AND EXISTS (SELECT FROM obligation o WHERE o.rlts_traf_id = m.rlts_traf_id AND o.admdvs = :admdvs)
         ORDER BY 1 LIMIT :limit)
    ) picked
    ORDER BY rlts_traf_id LIMIT :limit
    """
)
# What was found and is still to be told counts as told, so that the platform waits for it.
# A bank line that names the case was told as received once it waited for a reason that is told, or was matched.
_FIGURES = text(
    """
    SELECT o.rlts_traf_id, o.side,
           coalesce(max(t.last_sequence), 0)
               + (SELECT count(*) FROM untold u WHERE u.rlts_traf_id = o.rlts_traf_id AND u.admdvs = :admdvs) AS told,
           coalesce(max(h.applied_sequence), 0) AS heard,
           coalesce(max(d.sheet_version), 0) AS sheet_version, max(d.sheet_digest) AS sheet_digest,
           max(d.amount_fen) AS stated,
           CAST(coalesce(sum(o.amount_fen) FILTER (WHERE o.reason = 'addendum'), 0) AS bigint) AS added,
           CAST(sum(m.paid) AS bigint) AS paid, CAST(sum(m.returned) AS bigint) AS returned,
           CAST(sum(m.refunded) AS bigint) AS refunded, CAST(sum(m.matched) AS bigint) AS matched,
           CASE o.side WHEN 'payee' THEN max(r.received) END AS received,
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
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.side = 'payer' THEN
                   coalesce(sum(amount_fen) FILTER (WHERE kind = 'payment' AND o.direction = 'pay'), 0) END AS paid,
               CASE WHEN o.side = 'payer' THEN
                   coalesce(sum(amount_fen) FILTER (WHERE kind = 'return' AND o.direction = 'pay'), 0) END AS returned,
               CASE WHEN o.side = 'payer' THEN
                   coalesce(sum(amount_fen) FILTER (WHERE kind = 'receipt' AND o.direction = 'return'), 0)
               END AS refunded,
               CASE WHEN o.side = 'payee' THEN
                   coalesce(sum(amount_fen) FILTER (WHERE kind = 'receipt' AND o.direction = 'pay'), 0) END AS matched
        FROM claim c WHERE c.obligation_id = o.id
    ) m
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount_fen), 0) AS bigint) AS received
        FROM (
            SELECT l.id, l.amount_fen FROM statement_line l JOIN suspense s ON s.line_id = l.id
            WHERE l.admdvs = o.admdvs AND l.rlts_traf_id = o.rlts_traf_id AND s.kind = 'receipt'
              AND s.reason <> 'unknown_case'
            UNION ALL
            SELECT c.line_id, c.amount_fen FROM claim c JOIN obligation b ON b.id = c.obligation_id
            WHERE b.rlts_traf_id = o.rlts_traf_id AND b.admdvs = o.admdvs AND b.side = 'payee'
              AND b.direction = 'pay' AND c.kind = 'receipt'
              AND NOT EXISTS (
                  SELECT FROM statement_line l JOIN suspense s ON s.line_id = l.id
                  WHERE l.id = c.line_id AND l.rlts_traf_id = o.rlts_traf_id AND s.kind = 'receipt'
                    AND s.reason <> 'unknown_case')
        ) told
    ) r
    WHERE o.rlts_traf_id = ANY(CAST(:numbers AS text[])) AND o.admdvs = :admdvs
    GROUP BY o.rlts_traf_id, o.side
    """
)
SOURCE = FiguresSource(Role.LEDGER, _PICK, _FIGURES)
