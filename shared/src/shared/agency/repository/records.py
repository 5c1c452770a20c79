"""Whole records of people, for drafting and comparing sheets."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.known_person import HeldRecord, TakenOver
from shared.agency.overlay import Holds, overlay_relations
from shared.agency.repository.facts import freshness
from shared.agency.repository.holds import HOLDS_OF_PERSON, to_holds
from shared.agency.repository.movements import MOVEMENTS_OF_PERSON, to_movements
from shared.agency.repository.persons import PersonKey
from shared.contracts.facts import Account, Contribution, PersonRecord, Relation

_RELATIONS = TypeAdapter(tuple[Relation, ...])
_CONTRIBUTIONS = TypeAdapter(tuple[Contribution, ...])
_TAKEN_OVER = TypeAdapter(tuple[TakenOver, ...])

_RECORDS = text(f"""
SELECT q.ord, p.admdvs, p.psn_no, p.psn_name, p.psn_cert_type, p.certno, p.gend, p.brdy, p.mob, p.surv_stas,
       p.psn_type, p.balc, p.rid, p.updt_time, p.received_at, r.as_of, CAST(p.relations AS text) AS relations,
       CAST(p.contributions AS text) AS contributions, CAST(p.account AS text) AS account,
       (SELECT CAST(jsonb_agg(jsonb_build_object('rlts_traf_id', t.rlts_traf_id, 'row', t.sheet_row)
                 ORDER BY t.taken_over_at, t.rlts_traf_id, t.row_no) AS text)
          FROM period_taken_over t WHERE t.admdvs = p.admdvs AND t.psn_no = p.psn_no
           AND NOT EXISTS (SELECT FROM period_taken_over later WHERE later.admdvs = t.admdvs
                 AND later.rlts_traf_id = t.rlts_traf_id AND later.sheet_version > t.sheet_version)
           AND NOT EXISTS (SELECT FROM period_reversal b WHERE b.admdvs = t.admdvs
                 AND b.rlts_traf_id = t.rlts_traf_id AND b.sheet_version >= t.sheet_version)) AS taken_over,
       {MOVEMENTS_OF_PERSON},
       {HOLDS_OF_PERSON}
FROM unnest(CAST(:areas AS text[]), CAST(:psn_nos AS text[])) WITH ORDINALITY AS q(admdvs, psn_no, ord)
JOIN person p ON p.admdvs = q.admdvs AND p.psn_no = q.psn_no
LEFT JOIN record_freshness r ON r.admdvs = q.admdvs
ORDER BY q.ord
""")  # noqa: S608  # only our own SQL is put in


async def load_records(
    connection: AsyncConnection, keys: Sequence[PersonKey], *, embedded_as_of: datetime | None = None
) -> list[HeldRecord | None]:
    """The record of each (``admdvs``, ``psn_no``) in order, overlaid with our own holds; ``None`` if unknown."""
    found: list[HeldRecord | None] = [None] * len(keys)
    if not keys:
        return found
    arrays = {"areas": [admdvs for admdvs, _ in keys], "psn_nos": [psn_no for _, psn_no in keys]}
    rows = await connection.execute(_RECORDS, arrays)
    for row in rows.mappings():
        found[row["ord"] - 1] = _to_record(row, embedded_as_of)
    return found


def _to_record(row: RowMapping, embedded_as_of: datetime | None) -> HeldRecord:
    holds = to_holds(row)
    return HeldRecord(
        admdvs=row["admdvs"],
        record=PersonRecord(
            psn_no=row["psn_no"],
            psn_name=row["psn_name"],
            psn_cert_type=row["psn_cert_type"],
            certno=row["certno"],
            gend=row["gend"],
            brdy=row["brdy"],
            mob=row["mob"],
            surv_stas=row["surv_stas"],
            psn_type=row["psn_type"],
            relations=overlay_relations(_RELATIONS.validate_json(row["relations"]), holds),
            contributions=_CONTRIBUTIONS.validate_json(row["contributions"]),
            account=_account(row, holds),
            rid=row["rid"],
            updt_time=row["updt_time"],
        ),
        taken_over=_TAKEN_OVER.validate_json(row["taken_over"]) if row["taken_over"] else (),
        movements=to_movements(row),
        facts_as_of=freshness(row, embedded_as_of),
    )


def _account(row: RowMapping, holds: Holds) -> Account | None:
    balc = holds.balance(row["balc"])
    if row["account"] is None:
        return None if balc is None else Account(balc=balc)
    return Account.model_validate_json(row["account"]).model_copy(update={"balc": balc})
