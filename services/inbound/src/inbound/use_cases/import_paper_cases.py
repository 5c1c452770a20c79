"""Bring old open cases in at cut-over (NDJSON): each line is entered as if typed, and confirmed by a second clerk.

A line that was entered before is found as a duplicate by its numbers or its relation, so the same file may be sent
again whatever broke the first attempt.
"""

from collections.abc import AsyncIterable, Sequence

from inbound.domain.decisions import Clerk
from inbound.office import Office
from inbound.schemas.paper import LineFault, PaperCase, PaperImport
from inbound.use_cases.enter_paper_cases import check_entries, enter_paper_cases
from shared.case_number import new_case_number
from shared.database import Database
from shared.errors import DomainError, FieldError
from shared.law import design
from shared.messaging.ids import new_ids
from shared.web.ndjson import Line, in_batches, read_line, split_lines

_BATCH_LINES, _BATCH_BYTES, _LINE_BYTES = 100, 2 * 1024 * 1024, 256 * 1024
_KEPT_FAULTS, _KEPT_IDS = 1000, 10_000


@design("old open cases are brought in at cut-over")
async def import_paper_cases(
    database: Database, admdvs: str, clerk: Clerk, chunks: AsyncIterable[bytes], office: Office
) -> PaperImport:
    """What came of every line; batches commit by themselves. The first faults and ids are listed, all are counted."""
    report = PaperImport(lines=0, entered=0, failed=0, entry_ids=[], errors=[])
    lines = split_lines(chunks, max_line_bytes=_LINE_BYTES)
    async for batch in in_batches(lines, max_lines=_BATCH_LINES, max_bytes=_BATCH_BYTES):
        filled = [line for line in batch if line.content is None or line.content.strip()]
        await _enter(database, admdvs, clerk, filled, office, report)
    return report


async def _enter(
    database: Database, admdvs: str, clerk: Clerk, lines: Sequence[Line], office: Office, report: PaperImport
) -> None:
    now = office.clock.now()
    read: list[tuple[Line, PaperCase]] = []
    for line in lines:
        document, faults = read_line(line, PaperCase)
        if document is None:
            _fail(report, line, faults)
        else:
            read.append((line, document))
    ids = new_ids(now, len(read)) if read else []
    entries = [
        document.entry(entry_id, admdvs, clerk, now, new_case_number)
        for (_, document), entry_id in zip(read, ids, strict=True)
    ]
    given = {document.rlts_traf_id for _, document in read if document.rlts_traf_id is not None}
    results = await check_entries(database, entries, office) if entries else ()
    async with database.transaction() as connection:
        outcomes = await enter_paper_cases(connection, admdvs, entries, office, results, is_cut_over=True, given=given)
    for (line, _), outcome in zip(read, outcomes, strict=True):
        if isinstance(outcome, DomainError):
            _fail(report, line, outcome.errors or [FieldError("", outcome.code, outcome.message)])
        else:
            report.entered += 1
            report.entry_ids.extend([outcome.entry_id] if len(report.entry_ids) < _KEPT_IDS else [])
    report.lines += len(lines)


def _fail(report: PaperImport, line: Line, faults: Sequence[FieldError]) -> None:
    report.failed += 1
    room = max(0, _KEPT_FAULTS - len(report.errors))
    report.errors.extend(
        LineFault(line=line.number, pointer=each.pointer, code=each.code, message=each.message)
        for each in list(faults)[:room]
    )
