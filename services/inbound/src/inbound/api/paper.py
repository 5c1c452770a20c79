"""Sheets on paper from areas that are not connected: entered by one clerk, confirmed by another."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from starlette.requests import Request

from inbound.api.callers import Checker, Reader, Worker, clerk_of
from inbound.context import Context, InboundContext
from inbound.domain.paper import EntryState, PaperEntry
from inbound.repository.paper import list_entries
from inbound.schemas.paper import (
    PaperCase,
    PaperDecision,
    PaperEntryShown,
    PaperImport,
    PaperOutcome,
    PaperOutcomes,
    PaperVerdicts,
)
from inbound.use_cases.confirm_paper_cases import Verdict, confirm_paper_cases
from inbound.use_cases.enter_paper_cases import check_entries, enter_paper_cases
from inbound.use_cases.import_paper_cases import ImportedBy, import_paper_cases
from shared.agency.api.context import served_agency
from shared.case_number import new_case_number
from shared.errors import DomainError, NotFound
from shared.messaging.ids import new_ids
from shared.web.etags import IfMatch, etag, seen
from shared.web.idempotency import Keyed, once, remember
from shared.web.line_imports import ImportKey
from shared.web.ndjson import NDJSON
from shared.web.paging import Page, PageRequest, Paging, invalid_cursor, page_of
from shared.web.routing import Router, streamed

router = Router(tags=["纸质办件"])


@router.post("/paper-cases", summary="录入纸质信息表", status_code=201)
async def post_paper_case(
    caller: Worker, context: Context, body: PaperCase, keyed: Keyed, response: Response
) -> PaperEntryShown:
    """Entered by the caller; another clerk compares it with the paper and confirms it."""
    admdvs, now = served_agency(caller, context), context.clock.now()
    (entry_id,) = new_ids(now, 1)
    entry = body.entry(entry_id, admdvs, clerk_of(caller), now, new_case_number)
    results = await check_entries(context.database, [entry], context.office)
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is None:
            given = () if body.rlts_traf_id is None else (body.rlts_traf_id,)
            [outcome] = await enter_paper_cases(
                connection, admdvs, [entry], context.office, results, is_cut_over=False, given=given
            )
            if isinstance(outcome, DomainError):
                raise outcome
            location = f"/v1/paper-cases/{entry_id}"
            await remember(connection, keyed, status=201, location=location, resource_id=str(entry_id), now=now)
    return await _shown(context, admdvs, UUID(before.resource_id) if before else entry_id, response)


def _max_import_bytes(context: InboundContext) -> int:
    return context.settings.max_import_bytes


@router.post("/paper-cases/imports", summary="切换时批量导入在办的纸质办件（NDJSON）", status_code=201)
@streamed(NDJSON, limit=_max_import_bytes)
async def post_import(caller: Worker, context: Context, key: ImportKey, request: Request) -> PaperImport:
    """One case a line, each confirmed by a second clerk afterwards; the same file again adds what is missing."""
    by = ImportedBy(served_agency(caller, context), clerk_of(caller), key)
    return await import_paper_cases(context.database, by, request.stream(), context.office)


@router.get("/paper-cases", summary="纸质信息表的录入清单")
async def get_paper_cases(
    caller: Reader, context: Context, paging: Paging, state: EntryState | None = None
) -> Page[PaperEntryShown]:
    """The agency's entries, oldest first."""
    admdvs = served_agency(caller, context)
    async with context.database.connection() as connection:
        rows = await list_entries(connection, admdvs, state, _after(paging), paging.limit + 1)
    return page_of(rows, paging.limit, lambda entry: (str(entry.entry_id),), PaperEntryShown.of)


@router.get("/paper-cases/{entry_id}", summary="一份纸质信息表的录入")
async def get_paper_case(
    caller: Reader, context: Context, entry_id: Annotated[UUID, Path()], response: Response
) -> PaperEntryShown:
    """What was typed, by whom, and what the second clerk said."""
    return await _shown(context, served_agency(caller, context), entry_id, response)


@router.post("/paper-cases/{entry_id}/confirmation", summary="第二人核对纸质信息表：确认或退回录入")
async def post_confirmation(
    caller: Checker,
    context: Context,
    entry_id: Annotated[UUID, Path()],
    body: PaperDecision,
    expected: IfMatch,
    response: Response,
) -> PaperEntryShown:
    """Confirmed, its sheet is received and goes the way of every sheet: comparison, 经办, 复核."""
    admdvs = served_agency(caller, context)
    verdict = Verdict(entry_id, expected, body.decision == "confirm", body.reason)
    async with context.database.transaction() as connection:
        [outcome] = await confirm_paper_cases(connection, admdvs, [verdict], clerk_of(caller), context.office)
    if isinstance(outcome, DomainError):
        raise outcome
    return _answer(outcome, response)


@router.post("/paper-cases/confirmations", summary="第二人批量核对纸质信息表，逐份答复结果")
async def post_confirmations(caller: Checker, context: Context, body: PaperVerdicts) -> PaperOutcomes:
    """Each entry as if confirmed alone; one that is refused stays as it is, with its code, and the others go on."""
    admdvs = served_agency(caller, context)
    verdicts = [
        Verdict(each.entry_id, seen(each.row_version), each.decision == "confirm", each.reason) for each in body.items
    ]
    async with context.database.transaction() as connection:
        outcomes = await confirm_paper_cases(connection, admdvs, verdicts, clerk_of(caller), context.office)
    pairs = zip(body.items, outcomes, strict=True)
    return PaperOutcomes(items=[PaperOutcome.of(each.entry_id, outcome) for each, outcome in pairs])


async def _shown(context: Context, admdvs: str, entry_id: UUID, response: Response) -> PaperEntryShown:
    async with context.database.connection() as connection:
        found = await list_entries(connection, admdvs, None, None, 1, entry_id=entry_id)
    if not found:
        raise NotFound("没有这份纸质信息表。", code="paper-entry-not-found")
    return _answer(found[0], response)


def _answer(entry: PaperEntry, response: Response) -> PaperEntryShown:
    response.headers["ETag"] = etag(entry.row_version)
    return PaperEntryShown.of(entry)


def _after(paging: PageRequest) -> UUID | None:
    key = paging.after(str)
    if key is None:
        return None
    try:
        return UUID(str(key[0]))
    except ValueError as error:
        raise invalid_cursor() from error
