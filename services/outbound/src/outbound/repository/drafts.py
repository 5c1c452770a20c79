"""Drafts and the corrections that clerks made to them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from pydantic_core import to_json
from sqlalchemy import RowMapping, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor, Case
from outbound.domain.draft import Draft
from outbound.tables import draft_correction, draft_sheet
from shared.clock import local_date
from shared.contracts.codes import Gend
from shared.contracts.info_sheet import SheetAttachment, SheetChange, SheetRow
from shared.sheet_rules import row_changes

_ROWS = TypeAdapter(tuple[SheetRow, ...])
_CHANGES = TypeAdapter(list[SheetChange])
_SAVE = text("""
INSERT INTO draft_sheet (rlts_traf_id, gend, tel, sheet_rows, attachment, is_corrected, made_at, drafted_on,
    facts_as_of)
SELECT r.rlts_traf_id, r.gend, r.tel, r.sheet_rows, r.attachment, r.is_corrected, :now, r.drafted_on, r.facts_as_of
FROM jsonb_populate_recordset(CAST(NULL AS draft_sheet), CAST(:rows AS jsonb)) AS r
ON CONFLICT (rlts_traf_id) DO UPDATE SET gend = excluded.gend, tel = excluded.tel,
    sheet_rows = excluded.sheet_rows, attachment = excluded.attachment, is_corrected = excluded.is_corrected,
    made_at = excluded.made_at, drafted_on = excluded.drafted_on, facts_as_of = excluded.facts_as_of
""")


@dataclass(frozen=True, slots=True)
class Correction:
    """A clerk's change of a draft, with the reason that is kept."""

    correction_id: int
    sheet_version: int
    corrected_at: datetime
    opter_id: str
    opter_name: str | None
    reason: str
    before: tuple[SheetRow, ...]
    after: tuple[SheetRow, ...]
    changes: list[SheetChange]


async def save_drafts(connection: AsyncConnection, drafts: Sequence[Draft], *, now: datetime) -> None:
    """Save the present draft of each case."""
    if not drafts:
        return
    rows = [
        {
            "rlts_traf_id": draft.rlts_traf_id,
            "gend": draft.gend,
            "tel": draft.tel,
            "sheet_rows": draft.rows,
            "attachment": draft.attachment,
            "is_corrected": draft.is_corrected,
            "drafted_on": draft.drafted_on,
            "facts_as_of": draft.facts_as_of,
        }
        for draft in drafts
    ]
    await connection.execute(_SAVE, {"rows": to_json(rows).decode(), "now": now})


async def load_drafts(connection: AsyncConnection, case_numbers: Collection[str]) -> dict[str, Draft]:
    """The present drafts by case number."""
    if not case_numbers:
        return {}
    query = select(draft_sheet).where(draft_sheet.c.rlts_traf_id.in_(set(case_numbers)))
    return {
        row["rlts_traf_id"]: Draft(
            rlts_traf_id=row["rlts_traf_id"],
            gend=Gend(row["gend"]),
            tel=row["tel"],
            rows=_ROWS.validate_python(row["sheet_rows"]),
            # By way of JSON: dates and amounts stand in it as on the wire.
            attachment=SheetAttachment.model_validate_json(json.dumps(row["attachment"])),
            drafted_on=row["drafted_on"] or local_date(row["made_at"]),
            is_corrected=row["is_corrected"],
            facts_as_of=row["facts_as_of"],
        )
        for row in (await connection.execute(query)).mappings()
    }


async def keep_correction(
    connection: AsyncConnection, case: Case, before: Draft, after: Draft, actor: Actor, reason: str, now: datetime
) -> None:
    """Keep what a clerk changed, and why."""
    await connection.execute(
        insert(draft_correction).values(
            rlts_traf_id=case.rlts_traf_id,
            sheet_version=case.sheet_version,
            corrected_at=now,
            opter_id=actor.opter_id,
            opter_name=actor.opter_name,
            reason=reason,
            before=before.rows,
            after=after.rows,
            changes=before.changes_to(after),
        )
    )


async def load_corrections(connection: AsyncConnection, rlts_traf_id: str, *, limit: int = 200) -> list[Correction]:
    """A case's corrections, oldest first."""
    c = draft_correction.c
    query = select(draft_correction).where(c.rlts_traf_id == rlts_traf_id).order_by(c.correction_id).limit(limit)
    return [_to_correction(row) for row in (await connection.execute(query)).mappings()]


def _to_correction(row: RowMapping) -> Correction:
    before, after = _ROWS.validate_python(row["before"]), _ROWS.validate_python(row["after"])
    kept = row["changes"]
    return Correction(
        correction_id=row["correction_id"],
        sheet_version=row["sheet_version"],
        corrected_at=row["corrected_at"],
        opter_id=row["opter_id"],
        opter_name=row["opter_name"],
        reason=row["reason"],
        before=before,
        after=after,
        changes=row_changes(before, after) if kept is None else _CHANGES.validate_python(kept),
    )
