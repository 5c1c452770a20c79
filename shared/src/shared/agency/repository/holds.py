"""Reading our own records over a person: relations held or ended, the balance frozen, what we moved."""

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from shared.agency.overlay import Holds, RelationEnd

HOLDS_OF_PERSON = """
    (SELECT array_agg(DISTINCT h.psn_insu_rlts_id) FROM relation_hold h
      WHERE h.admdvs = p.admdvs AND h.psn_no = p.psn_no AND h.released_at IS NULL) AS held_relations,
    (SELECT CAST(jsonb_agg(jsonb_build_object('psn_insu_rlts_id', e.psn_insu_rlts_id, 'on', e.ended_on,
            'trafin_admdvs', e.trafin_admdvs, 'rlts_traf_id', e.rlts_traf_id)) AS text) FROM relation_end e
      WHERE e.admdvs = p.admdvs AND e.psn_no = p.psn_no) AS ends,
    (SELECT f.balc FROM account_freeze f WHERE f.admdvs = p.admdvs AND f.psn_no = p.psn_no
        AND f.released_at IS NULL ORDER BY f.frozen_at LIMIT 1) AS frozen_balc,
    (SELECT CAST(sum(m.amount) AS bigint) FROM account_movement m WHERE m.admdvs = p.admdvs AND m.psn_no = p.psn_no
        AND m.booked_at > COALESCE((SELECT min(f.frozen_at) FROM account_freeze f WHERE f.admdvs = p.admdvs
            AND f.psn_no = p.psn_no AND f.released_at IS NULL), p.updt_time)) AS moved
"""
"""Select list over a row ``p`` of ``person``; read with ``to_holds``."""

_ENDS = TypeAdapter(tuple[RelationEnd, ...])


def to_holds(row: RowMapping) -> Holds:
    """The holds of a row that selected ``HOLDS_OF_PERSON``."""
    return Holds(
        held_relations=frozenset(row["held_relations"] or ()),
        ends=_ENDS.validate_json(row["ends"]) if row["ends"] else (),
        frozen_balc=row["frozen_balc"],
        moved=row["moved"] or 0,
    )
