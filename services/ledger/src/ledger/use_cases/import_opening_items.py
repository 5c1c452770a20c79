"""Bring old money items in at cut-over (NDJSON): each line is checked and kept, and booked by a second person.

The same file may be sent again under its key, whatever broke the first attempt: what is here already is found by its
line. Under another key the same item is a duplicate, by its old number.
"""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.context import LedgerContext
from ledger.domain.opening_items import OpeningItem
from ledger.parsers.opening_rows import OpeningImport, OpeningRow
from ledger.repository import opening_items
from ledger.repository.locks import lock_matching
from ledger.use_cases.check_opening_items import checked, surroundings_of
from shared.case_number import new_case_number
from shared.errors import DomainError
from shared.law import design
from shared.messaging.ids import new_ids
from shared.registry.cut_over import require_cut_over
from shared.web.line_imports import (
    BATCH_BYTES,
    BATCH_LINES,
    KEPT_IDS,
    MAX_LINE_BYTES,
    RowPlace,
    filled_lines,
    kept_before,
    read_lines,
)
from shared.web.ndjson import Line, in_batches, split_lines


@dataclass(frozen=True, slots=True)
class ImportedBy:
    """Whose import it is: the agency, the clerk, the key under which the file is sent."""

    admdvs: str
    opter_id: str
    key: str


@design("old money items are brought in at cut-over, each by itself, by two people")
async def import_opening_items(context: LedgerContext, by: ImportedBy, chunks: AsyncIterable[bytes]) -> OpeningImport:
    """What came of every line; batches commit by themselves. Raises ``CutOverEnded``."""
    require_cut_over(context.registry.current, by.admdvs, context.clock.now())
    report = OpeningImport()
    lines = split_lines(chunks, max_line_bytes=MAX_LINE_BYTES)
    async for batch in in_batches(lines, max_lines=BATCH_LINES, max_bytes=BATCH_BYTES):
        filled = filled_lines(batch)
        report.lines += len(filled)
        ids = await _enter(context, by, filled, report)
        report.item_ids.extend(ids[: max(0, KEPT_IDS - len(report.item_ids))])
    report.errors.sort(key=lambda fault: fault.line)
    return report


async def _enter(context: LedgerContext, by: ImportedBy, lines: Sequence[Line], report: OpeningImport) -> list[UUID]:
    now = context.clock.now()
    async with context.database.transaction() as connection:
        await lock_matching(connection, [by.admdvs])
        kept = await opening_items.rows_of_import(connection, by.admdvs, by.key, [line.number for line in lines])
        ids, fresh = kept_before(lines, by.key, kept, report)
        read = read_lines(fresh, OpeningRow, report)
        if not read:
            return ids
        items = [
            row.item(item_id, by.admdvs, RowPlace.of(by.key, line), by=by.opter_id, at=now, number=new_case_number)
            for (line, row), item_id in zip(read, new_ids(now, len(read)), strict=True)
        ]
        around = await surroundings_of(connection, by.admdvs, items, context.registry.current, now=now)
        outcomes = checked(items, around)
        entered = [outcome for outcome in outcomes if isinstance(outcome, OpeningItem)]
        await opening_items.add_items(connection, entered)
    for (line, _), outcome in zip(read, outcomes, strict=True):
        if isinstance(outcome, DomainError):
            report.refuse(line.number, outcome)
    report.entered += len(entered)
    return ids + [item.item_id for item in entered]
