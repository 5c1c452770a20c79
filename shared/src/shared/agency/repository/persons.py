"""Imported person records: the newer one counts."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.overlay import Holds, RecordConflict
from shared.agency.repository.holds import HOLDS_OF_PERSON, to_holds
from shared.agency.summary import PaidSummary, summarise
from shared.certno import person_key
from shared.contracts.facts import PersonRecord

_SUMMARIES = TypeAdapter(list[PaidSummary])
PersonKey = tuple[str, str]
"""(``admdvs``, ``psn_no``)."""

_UPSERT = text("""
WITH incoming AS (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        psn_no text, person_key text, psn_name text, psn_cert_type text, certno text, gend text, brdy date, mob text,
        surv_stas text, psn_type text, relations jsonb, contributions jsonb, paid jsonb, account jsonb, balc bigint,
        rid text, updt_time timestamptz)
), held AS (
    SELECT p.psn_no, p.updt_time, p.rid FROM person p JOIN incoming i ON p.admdvs = :admdvs AND p.psn_no = i.psn_no
), saved AS (
    INSERT INTO person AS p (admdvs, psn_no, person_key, psn_name, psn_cert_type, certno, gend, brdy, mob, surv_stas,
        psn_type, relations, contributions, paid, account, balc, rid, updt_time, received_at)
    SELECT :admdvs, psn_no, person_key, psn_name, psn_cert_type, certno, gend, brdy, mob, surv_stas,
        psn_type, relations, contributions, paid, account, balc, rid, updt_time, :now
    FROM incoming ORDER BY psn_no
    ON CONFLICT (admdvs, psn_no) DO UPDATE SET person_key = excluded.person_key, psn_name = excluded.psn_name,
        psn_cert_type = excluded.psn_cert_type, certno = excluded.certno, gend = excluded.gend, brdy = excluded.brdy,
        mob = excluded.mob, surv_stas = excluded.surv_stas, psn_type = excluded.psn_type,
        relations = excluded.relations, contributions = excluded.contributions, paid = excluded.paid,
        account = excluded.account, balc = excluded.balc, rid = excluded.rid, updt_time = excluded.updt_time,
        received_at = excluded.received_at
    WHERE (p.updt_time, p.rid) < (excluded.updt_time, excluded.rid)
    RETURNING p.psn_no
)
SELECT i.psn_no, s.psn_no IS NOT NULL AS is_saved, h.psn_no IS NOT NULL AS was_held,
       (h.updt_time, h.rid) IS NOT DISTINCT FROM (i.updt_time, i.rid) AS is_same
FROM incoming i LEFT JOIN saved s USING (psn_no) LEFT JOIN held h USING (psn_no)
""")

_CONFIRM = text("UPDATE person SET received_at = :now WHERE admdvs = :admdvs AND psn_no = ANY(:psn_nos)")

_HOLDS = text(f"""
SELECT p.admdvs, p.psn_no, p.balc, {HOLDS_OF_PERSON} FROM person p
WHERE (p.admdvs, p.psn_no) IN (SELECT * FROM unnest(CAST(:areas AS text[]), CAST(:psn_nos AS text[])))
ORDER BY p.admdvs, p.psn_no FOR UPDATE OF p
""")  # noqa: S608  # only our own SQL is put in

_NOTE_CONFLICTS = text("""
INSERT INTO record_conflict (admdvs, psn_no, code, psn_insu_rlts_id, rid, noticed_at)
SELECT :admdvs, c.psn_no, c.code, c.psn_insu_rlts_id, c.rid, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS c(psn_no text, code text, psn_insu_rlts_id text, rid text)
""")


class UpsertOutcome(StrEnum):
    """What became of one pushed record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    IGNORED_OLDER = "ignored_older"


async def upsert_persons(
    connection: AsyncConnection, admdvs: str, records: Sequence[PersonRecord], *, now: datetime
) -> Mapping[str, UpsertOutcome]:
    """Keep the records of different people that are newer than ours; the outcome by ``psn_no``.

    ``updt_time`` decides what is newer, and ``rid`` between two of one instant. A record told again
    unchanged still proves that our copy is current (``received_at``).
    """
    if not records:
        return {}
    rows = json.dumps([_to_row(each) for each in records])
    answers = await connection.execute(_UPSERT, {"admdvs": admdvs, "rows": rows, "now": now})
    outcomes = {row.psn_no: _outcome(row.is_saved, row.was_held, row.is_same) for row in answers}
    same = [psn_no for psn_no, outcome in outcomes.items() if outcome is UpsertOutcome.UNCHANGED]
    if same:
        await connection.execute(_CONFIRM, {"admdvs": admdvs, "psn_nos": sorted(same), "now": now})
    return outcomes


def _outcome(is_saved: bool, was_held: bool, is_same: bool) -> UpsertOutcome:
    if is_saved:
        return UpsertOutcome.UPDATED if was_held else UpsertOutcome.CREATED
    return UpsertOutcome.UNCHANGED if is_same else UpsertOutcome.IGNORED_OLDER


async def lock_holds(
    connection: AsyncConnection, keys: Sequence[PersonKey]
) -> Mapping[PersonKey, tuple[int | None, Holds]]:
    """Lock people in key order; the imported balance (fen) and our own holds of each that exists."""
    arrays = {"areas": [admdvs for admdvs, _ in keys], "psn_nos": [psn_no for _, psn_no in keys]}
    rows = await connection.execute(_HOLDS, arrays)
    return {(row["admdvs"], row["psn_no"]): (row["balc"], to_holds(row)) for row in rows.mappings()}


async def note_conflicts(
    connection: AsyncConnection,
    admdvs: str,
    conflicts: Sequence[tuple[PersonRecord, RecordConflict]],
    *,
    now: datetime,
) -> None:
    """Keep where pushed records disagree with our own holds, for somebody to look at."""
    if not conflicts:
        return
    rows = [
        {"psn_no": record.psn_no, "rid": record.rid, "code": each.code, "psn_insu_rlts_id": each.psn_insu_rlts_id}
        for record, each in conflicts
    ]
    await connection.execute(_NOTE_CONFLICTS, {"admdvs": admdvs, "rows": json.dumps(rows), "now": now})


def _to_row(record: PersonRecord) -> dict[str, object]:
    row = record.model_dump(mode="json")
    row["person_key"] = person_key(record.psn_cert_type, record.certno)
    row["paid"] = _SUMMARIES.dump_python(summarise(record.contributions), mode="json")
    row["balc"] = record.account.balc if record.account else None
    return row
