"""Old cases that were brought in at cut-over: found again by their line or their old numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.tables import old_case
from shared.contracts.application import CaseReference
from shared.database.rowset import ROWS, insert_rows
from shared.web.line_imports import KeptRow, RowPlace

_ADD = insert_rows(
    old_case,
    ("rlts_traf_id", "admdvs", "refs", "import_key", "import_line", "row_digest", "entered_by", "entered_at"),
)
_OF_NUMBERS = text(
    """
    SELECT r.place, o.rlts_traf_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (place int, ref jsonb)
    JOIN old_case o ON o.admdvs = :admdvs AND o.refs @> jsonb_build_array(r.ref)
    """
)

_JSON = TypeAdapter(list[dict[str, Any]])


@dataclass(frozen=True, slots=True)
class OldCase:
    """An old case under its new number, with the line that brought it."""

    rlts_traf_id: str
    admdvs: str
    refs: tuple[CaseReference, ...]
    place: RowPlace
    entered_by: str
    entered_at: datetime


async def add_old_cases(connection: AsyncConnection, cases: Sequence[OldCase]) -> None:
    """Keep what was brought in."""
    if cases:
        await connection.execute(_ADD, {ROWS: [_to_row(case) for case in cases]})


async def rows_of_import(
    connection: AsyncConnection, admdvs: str, import_key: str, lines: Sequence[int]
) -> dict[int, KeptRow[str]]:
    """By line: the cases that an earlier attempt at this import has opened."""
    columns = (old_case.c.import_line, old_case.c.rlts_traf_id, old_case.c.row_digest)
    query = select(*columns).where(
        old_case.c.admdvs == admdvs, old_case.c.import_key == import_key, old_case.c.import_line.in_(lines)
    )
    return {row[0]: KeptRow(row[1], row[2]) for row in await connection.execute(query)}


async def cases_of_numbers(
    connection: AsyncConnection, admdvs: str, refs: Sequence[tuple[CaseReference, ...]]
) -> dict[int, str]:
    """By place in ``refs``: the case that bears one of these old numbers already."""
    rows = [{"place": place, "ref": ref.model_dump()} for place, each in enumerate(refs) for ref in each]
    found = await connection.execute(_OF_NUMBERS, {"rows": _JSON.dump_json(rows).decode(), "admdvs": admdvs})
    return {row.place: row.rlts_traf_id for row in found}


def _to_row(case: OldCase) -> dict[str, Any]:
    return {
        "rlts_traf_id": case.rlts_traf_id,
        "admdvs": case.admdvs,
        "refs": [ref.model_dump() for ref in case.refs],
        "import_key": case.place.import_key,
        "import_line": case.place.import_line,
        "row_digest": case.place.row_digest,
        "entered_by": case.entered_by,
        "entered_at": case.entered_at.isoformat(),
    }
