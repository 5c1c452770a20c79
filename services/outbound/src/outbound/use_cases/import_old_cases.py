"""Bring old open cases in at cut-over (NDJSON): each line is an application that was taken before, checked as one.

The same file may be sent again under its key, whatever broke the first attempt: what is here already is found by its
line. Under another key the same case is a duplicate, by its numbers or its relation.
"""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor
from outbound.office import Office
from outbound.repository.old_cases import OldCase, add_old_cases, cases_of_numbers, rows_of_import
from outbound.schemas.old_cases import OldCaseImport, OldCaseRow
from outbound.use_cases.open_paper_cases import NewPaperCase, check_applications, open_paper_cases
from shared.agency.repository.paper_lock import lock_paper
from shared.case_number import new_case_number
from shared.clock import SHANGHAI
from shared.contracts.application import LodgedApplication
from shared.contracts.codes import OptChnl
from shared.contracts.facts import CheckResult
from shared.errors import Conflict, DomainError, FieldError, InvalidInput
from shared.law import design
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

_Read = tuple[Line, OldCaseRow]


@dataclass(frozen=True, slots=True)
class ImportedBy:
    """Whose import it is: the agency, the clerk and the window, the key under which the file is sent."""

    admdvs: str
    actor: Actor
    optins_no: str | None
    key: str


@design("old open cases are brought in at cut-over")
async def import_old_cases(office: Office, by: ImportedBy, chunks: AsyncIterable[bytes]) -> OldCaseImport:
    """What came of every line; batches commit by themselves. Raises ``CutOverEnded``."""
    require_cut_over(office.registry, by.admdvs, office.now())
    report = OldCaseImport()
    lines = split_lines(chunks, max_line_bytes=MAX_LINE_BYTES)
    async for batch in in_batches(lines, max_lines=BATCH_LINES, max_bytes=BATCH_BYTES):
        filled = filled_lines(batch)
        report.lines += len(filled)
        async with office.database.connection() as connection:
            kept = await rows_of_import(connection, by.admdvs, by.key, [line.number for line in filled])
        numbers, fresh = kept_before(filled, by.key, kept, report)
        numbers += await _open(office, by, fresh, report)
        report.cases.extend(numbers[: max(0, KEPT_IDS - len(report.cases))])
    report.errors.sort(key=lambda fault: fault.line)
    return report


async def _open(office: Office, by: ImportedBy, lines: Sequence[Line], report: OldCaseImport) -> list[str]:
    read = [pair for pair in read_lines(lines, OldCaseRow, report) if _is_past(pair, office, report)]
    if not read:
        return []
    new = [_new(row, by) for _, row in read]
    checks = await check_applications(office, new)
    async with office.database.transaction() as connection:
        await lock_paper(connection, by.admdvs)
        known = await _known(connection, by, read)
        fresh = [place for place in range(len(read)) if place not in known]
        outcomes = await _opened(office, connection, by, [(read[at], new[at], checks[at]) for at in fresh])
    for place, number in known.items():
        report.refuse(read[place][0].number, _duplicate(number))
    for place, outcome in zip(fresh, outcomes, strict=True):
        if isinstance(outcome, DomainError):
            report.refuse(read[place][0].number, outcome)
    numbers = [outcome for outcome in outcomes if isinstance(outcome, str)]
    report.entered += len(numbers)
    return numbers


async def _opened(
    office: Office,
    connection: AsyncConnection,
    by: ImportedBy,
    rows: Sequence[tuple[_Read, NewPaperCase, CheckResult]],
) -> list[str | DomainError]:
    new, checks = [each for _, each, _ in rows], [check for _, _, check in rows]
    outcomes = await open_paper_cases(office, connection, new, checks, by.actor, is_cut_over=True)
    opened = [
        OldCase(outcome, by.admdvs, row.refs, RowPlace.of(by.key, line), by.actor.opter_id or "", office.now())
        for ((line, row), _, _), outcome in zip(rows, outcomes, strict=True)
        if isinstance(outcome, str)
    ]
    await add_old_cases(connection, opened)
    return outcomes


async def _known(connection: AsyncConnection, by: ImportedBy, read: Sequence[_Read]) -> dict[int, str]:
    """By place: the case that bears one of the old numbers, here already or on a line before."""
    known = await cases_of_numbers(connection, by.admdvs, [row.refs for _, row in read])
    seen: dict[tuple[str, str], int] = {}
    for place, (line, row) in enumerate(read):
        before = next((seen[each.system, each.number] for each in row.refs if (each.system, each.number) in seen), None)
        if before is not None:
            known.setdefault(place, f"第{before}行")
        seen.update({(each.system, each.number): line.number for each in row.refs})
    return known


def _duplicate(number: str) -> DomainError:
    return Conflict(f"同一旧编号已有办件：{number}。", code="paper-case-duplicate")


def _is_past(pair: _Read, office: Office, report: OldCaseImport) -> bool:
    line, row = pair
    if row.applied_on <= office.today():
        return True
    error = FieldError("/applied_on", "future", "不得晚于今天")
    report.refuse(line.number, InvalidInput("受理日期有误。", errors=[error]))
    return False


def _new(row: OldCaseRow, by: ImportedBy) -> NewPaperCase:
    lodged = LodgedApplication(
        application=row.application(by.admdvs),
        opt_chnl=OptChnl.OUTBOUND_WINDOW,
        optins_no=by.optins_no,
        opter_id=by.actor.opter_id,
    )
    accepted_at: datetime = datetime.combine(row.applied_on, time.min, SHANGHAI)
    return NewPaperCase(new_case_number(), lodged, row.acct_disposition, accepted_at)
