"""Received sheet versions: kept as they came, never changed."""

from collections.abc import Sequence
from dataclasses import fields

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.received_sheet import ReceivedSheet
from inbound.domain.sheet_difference import Difference
from inbound.tables import received_sheet
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.database.rowset import ROWS, insert_rows

_FINDINGS = TypeAdapter(tuple[SheetFinding, ...])
_DIFFERENCES = TypeAdapter(tuple[Difference, ...])


_ADD = insert_rows(received_sheet, tuple(field.name for field in fields(ReceivedSheet)))


async def add_sheets(connection: AsyncConnection, sheets: Sequence[ReceivedSheet]) -> None:
    """Keep versions; raises the database's integrity error for a version that is held already."""
    if sheets:
        await connection.execute(_ADD, {ROWS: [_to_row(sheet) for sheet in sheets]})


async def sheets_of(connection: AsyncConnection, rlts_traf_id: str) -> list[ReceivedSheet]:
    """All versions of a case, the newest first."""
    query = select(received_sheet).where(received_sheet.c.rlts_traf_id == rlts_traf_id)
    rows = await connection.execute(query.order_by(received_sheet.c.sheet_version.desc()))
    return [_to_sheet(row) for row in rows.mappings()]


async def present_sheets(connection: AsyncConnection, versions: Sequence[tuple[str, int]]) -> dict[str, ReceivedSheet]:
    """The named version of each case."""
    cases = [rlts_traf_id for rlts_traf_id, _ in versions]
    rows = await connection.execute(select(received_sheet).where(received_sheet.c.rlts_traf_id.in_(cases)))
    wanted = set(versions)
    sheets = (_to_sheet(row) for row in rows.mappings() if (row["rlts_traf_id"], row["sheet_version"]) in wanted)
    return {sheet.rlts_traf_id: sheet for sheet in sheets}


def _to_row(sheet: ReceivedSheet) -> dict[str, object]:
    return {
        "rlts_traf_id": sheet.rlts_traf_id,
        "sheet_version": sheet.sheet_version,
        "sealed_sheet": sheet.sealed_sheet,
        "arrival": sheet.arrival,
        "sheet_digest": sheet.sheet_digest,
        "sheet": sheet.sheet.model_dump(mode="json"),
        "findings": [each.model_dump(mode="json") for each in sheet.findings],
        "differences": [each.model_dump(mode="json") for each in sheet.differences],
        "received_at": sheet.received_at,
    }


def _to_sheet(row: RowMapping) -> ReceivedSheet:
    return ReceivedSheet(
        rlts_traf_id=row["rlts_traf_id"],
        sheet_version=row["sheet_version"],
        sealed_sheet=row["sealed_sheet"],
        arrival=row["arrival"],
        sheet_digest=row["sheet_digest"],
        sheet=InfoSheet.model_validate(row["sheet"]),
        findings=_FINDINGS.validate_python(row["findings"]),
        differences=_DIFFERENCES.validate_python(row["differences"]),
        received_at=row["received_at"],
    )
