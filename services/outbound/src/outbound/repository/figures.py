"""What this side's own tables say of each case, for the platform to compare."""

from sqlalchemy import text

from shared.contracts.party import Role
from shared.figures.report_figures import FiguresSource

_PICK = text(
    """
    SELECT rlts_traf_id FROM (
        (SELECT rlts_traf_id FROM outbound_case
         WHERE admdvs = :admdvs AND rlts_traf_id > :after AND rlts_traf_id >= :low AND rlts_traf_id < :high
         ORDER BY rlts_traf_id LIMIT :limit)
        UNION
        (SELECT rlts_traf_id FROM case_history h JOIN outbound_case c USING (rlts_traf_id)
         WHERE h.at >= :since AND h.rlts_traf_id > :after AND c.admdvs = :admdvs
         GROUP BY rlts_traf_id ORDER BY rlts_traf_id LIMIT :limit)
    ) picked
    ORDER BY rlts_traf_id LIMIT :limit
    """
)
_FIGURES = text(
    """
    SELECT c.rlts_traf_id, 'outbound' AS side, coalesce(t.last_sequence, 0) AS told,
           coalesce(h.applied_sequence, 0) AS heard, c.state, coalesce(s.version, 0) AS sheet_version,
           encode(sha256(convert_to(s.sealed_sheet, 'UTF8')), 'hex') AS sheet_digest, s.amount AS stated,
           a.added, p.paid, p.returned
    FROM outbound_case c
    LEFT JOIN message_sequence t
        ON t.rlts_traf_id = c.rlts_traf_id AND t.sender = :sender AND t.recipient = 'platform'
    LEFT JOIN inbox_cursor h
        ON h.rlts_traf_id = c.rlts_traf_id AND h.sender = 'platform' AND h.recipient = :sender
    LEFT JOIN LATERAL (
        SELECT s.version, s.sealed_sheet, s.amount
        FROM sealed_sheet s JOIN sheet_answer y USING (rlts_traf_id, version)
        WHERE s.rlts_traf_id = c.rlts_traf_id AND y.outcome = 'accepted' ORDER BY s.version DESC LIMIT 1
    ) s ON true
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount), 0) AS bigint) AS added
        FROM addendum WHERE rlts_traf_id = c.rlts_traf_id AND state = 'accepted'
    ) a
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount) FILTER (WHERE kind = 'paid'), 0) AS bigint) AS paid,
               CAST(coalesce(sum(amount) FILTER (WHERE kind = 'returned'), 0) AS bigint) AS returned
        FROM payment_fact WHERE rlts_traf_id = c.rlts_traf_id
    ) p
    WHERE c.rlts_traf_id = ANY(CAST(:numbers AS text[])) AND c.admdvs = :admdvs
    """
)
SOURCE = FiguresSource(Role.OUTBOUND, _PICK, _FIGURES)
