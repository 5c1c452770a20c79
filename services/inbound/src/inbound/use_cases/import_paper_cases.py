"""Bring old open cases in at cut-over (NDJSON): each line is entered as if typed, and confirmed by a second clerk.

The same file may be sent again under its key, whatever broke the first attempt: what is here already is found by its
line. Under another key the same case is a duplicate, by its numbers or its relation.
"""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from inbound.domain.decisions import Clerk
from inbound.domain.paper import PaperEntry
from inbound.office import Office
from inbound.repository.paper import rows_of_import
from inbound.schemas.paper import PaperCase, PaperImport
from inbound.use_cases.enter_paper_cases import check_entries, enter_paper_cases
from shared.case_number import new_case_number
from shared.database import Database
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
    clerk: Clerk
    key: str


@design("old open cases are brought in at cut-over")
async def import_paper_cases(
    database: Database, by: ImportedBy, chunks: AsyncIterable[bytes], office: Office
) -> PaperImport:
    """What came of every line; batches commit by themselves. Raises ``CutOverEnded``."""
    require_cut_over(office.registry.current, by.admdvs, office.clock.now())
    report = PaperImport()
    lines = split_lines(chunks, max_line_bytes=MAX_LINE_BYTES)
    async for batch in in_batches(lines, max_lines=BATCH_LINES, max_bytes=BATCH_BYTES):
        filled = filled_lines(batch)
        report.lines += len(filled)
        async with database.connection() as connection:
            kept = await rows_of_import(connection, by.admdvs, by.key, [line.number for line in filled])
        ids, fresh = kept_before(filled, by.key, kept, report)
        ids += await _enter(database, by, fresh, office, report)
        report.entry_ids.extend(ids[: max(0, KEPT_IDS - len(report.entry_ids))])
    report.errors.sort(key=lambda fault: fault.line)
    return report


async def _enter(
    database: Database, by: ImportedBy, lines: Sequence[Line], office: Office, report: PaperImport
) -> list[UUID]:
    read = read_lines(lines, PaperCase, report)
    if not read:
        return []
    entries = _entries(read, by, office)
    given = {document.rlts_traf_id for _, document in read if document.rlts_traf_id is not None}
    results = await check_entries(database, entries, office)
    async with database.transaction() as connection:
        outcomes = await enter_paper_cases(
            connection, by.admdvs, entries, office, results, is_cut_over=True, given=given
        )
    for (line, _), outcome in zip(read, outcomes, strict=True):
        if isinstance(outcome, DomainError):
            report.refuse(line.number, outcome)
    entered = [outcome.entry_id for outcome in outcomes if isinstance(outcome, PaperEntry)]
    report.entered += len(entered)
    return entered


def _entries(read: Sequence[tuple[Line, PaperCase]], by: ImportedBy, office: Office) -> list[PaperEntry]:
    now = office.clock.now()
    ids = new_ids(now, len(read))
    return [
        replace(
            document.entry(entry_id, by.admdvs, by.clerk, now, new_case_number),
            import_key=by.key,
            import_line=line.number,
            row_digest=RowPlace.of(by.key, line).row_digest,
        )
        for (line, document), entry_id in zip(read, ids, strict=True)
    ]
