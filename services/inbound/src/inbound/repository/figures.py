"""What this side's own tables say of each case, for the platform to compare."""

from sqlalchemy import text

from shared.contracts.party import Role
from shared.figures.report_figures import FiguresSource

_PICK = text(
    """
    SELECT rlts_traf_id FROM (
        (SELECT rlts_traf_id FROM inbound_case
         WHERE trafin_admdvs = :admdvs AND rlts_traf_id > :after AND rlts_traf_id >= :low AND rlts_traf_id < :high
         ORDER BY rlts_traf_id LIMIT :limit)
        UNION
        (SELECT rlts_traf_id FROM case_history h JOIN inbound_case c USING (rlts_traf_id)
         WHERE h.occurred_at >= :since AND h.rlts_traf_id > :after AND c.trafin_admdvs = :admdvs
         GROUP BY rlts_traf_id ORDER BY rlts_traf_id LIMIT :limit)
    ) picked
    ORDER BY rlts_traf_id LIMIT :limit
    """
)
_FIGURES = text(
    """
    SELECT c.rlts_traf_id, 'inbound' AS side, coalesce(t.last_sequence, 0) AS told,
           coalesce(h.applied_sequence, 0) AS heard, c.state, coalesce(s.sheet_version, 0) AS sheet_version,
           encode(sha256(convert_to(s.sealed_sheet, 'UTF8')), 'hex') AS sheet_digest,
           CASE WHEN s.sheet_version IS NOT NULL THEN c.sheet_amount END AS stated,
           a.added, m.matched, k.credited, r.reversed
    FROM inbound_case c
    LEFT JOIN message_sequence t
        ON t.rlts_traf_id = c.rlts_traf_id AND t.sender = :sender AND t.recipient = 'platform'
    LEFT JOIN inbox_cursor h
        ON h.rlts_traf_id = c.rlts_traf_id AND h.sender = 'platform' AND h.recipient = :sender
    LEFT JOIN LATERAL (
        SELECT sheet_version, sealed_sheet FROM received_sheet
        WHERE rlts_traf_id = c.rlts_traf_id ORDER BY sheet_version DESC LIMIT 1
    ) s ON true
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount), 0) AS bigint) AS added
        FROM received_addendum WHERE rlts_traf_id = c.rlts_traf_id
    ) a
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount), 0) AS bigint) AS matched
        FROM balance_match WHERE rlts_traf_id = c.rlts_traf_id
    ) m
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(amount), 0) AS bigint) AS credited
        FROM balance_credit WHERE rlts_traf_id = c.rlts_traf_id AND credited_on IS NOT NULL
    ) k
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(reversed_amount), 0) AS bigint) AS reversed
        FROM balance_release WHERE rlts_traf_id = c.rlts_traf_id AND released_on IS NOT NULL
    ) r
    WHERE c.rlts_traf_id = ANY(CAST(:numbers AS text[])) AND c.trafin_admdvs = :admdvs
    """
)
SOURCE = FiguresSource(Role.INBOUND, _PICK, _FIGURES)
