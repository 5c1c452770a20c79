"""Cases: the work list, one case side by side with our own record, the sealed sheet."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.api.callers import CasePath, Reader
from inbound.context import Context
from inbound.domain.case import CaseState, InboundCase
from inbound.domain.received_sheet import ReceivedSheet
from inbound.repository.benefits import decisions_of
from inbound.repository.cases import find_case
from inbound.repository.history import history_of
from inbound.repository.money import money_track
from inbound.repository.sheets import sheets_of
from inbound.repository.worklist import WorklistQuery, list_cases, worklist_key
from inbound.repository.years import assessments_of
from inbound.schemas.benefits import BenefitsVersionShown
from inbound.schemas.cases import CaseLine, CaseShown, HistoryShown, MoneyShown, SheetVersionLine, SideBySide
from inbound.schemas.years import YearsVersionShown
from inbound.use_cases.outcomes import CaseNotFound
from shared.agency.api.context import served_agency
from shared.agency.repository.records import load_records
from shared.clock import local_date
from shared.contracts.facts import PersonRecord
from shared.web.etags import IfNoneMatch, etag
from shared.web.paging import Page, PageRequest, Paging, invalid_cursor, page_of
from shared.web.routing import Router

JOSE = "application/jose+json"  # RFC 7515 §9.2.2

router = Router(tags=["转入办件"])


@router.get("/cases", summary="待办与在办的转入办件")
async def get_cases(
    caller: Reader,
    context: Context,
    paging: Paging,
    state: CaseState | None = None,
    *,
    overdue: Annotated[bool, Query(description="只看已超期的")] = False,
    due_soon: Annotated[bool, Query(description="只看将到期的")] = False,
    with_differences: bool | None = None,
) -> Page[CaseLine]:
    """The agency's cases, the earliest due first."""
    today = local_date(context.clock.now())
    late, soon = today if overdue else None, today if due_soon else None
    query = WorklistQuery(served_agency(caller, context), state, late, with_differences, soon)
    async with context.database.connection() as connection:
        cases = await list_cases(connection, query, after=_after(paging), limit=paging.limit + 1)
    return page_of(cases, paging.limit, worklist_key, lambda case: CaseLine.of(case, today))


def _after(paging: PageRequest) -> tuple[date, str] | None:
    key = paging.after(str, str)
    if key is None:
        return None
    try:
        return date.fromisoformat(str(key[0])), str(key[1])
    except ValueError as error:
        raise invalid_cursor() from error


@router.get("/cases/{rlts_traf_id}", summary="一个办件：信息表与本地记录对照", response_model=CaseShown)
async def get_case(
    caller: Reader, context: Context, rlts_traf_id: CasePath, known: IfNoneMatch, response: Response
) -> CaseShown | Response:
    """The case with sheet and own record side by side; ``ETag`` for what a clerk does next."""
    async with context.database.connection() as connection:
        case = await _load(connection, served_agency(caller, context), rlts_traf_id)
        if known.has(case.version):
            return Response(status_code=304, headers={"ETag": etag(case.version)})
        sheets = await sheets_of(connection, rlts_traf_id)
        own_record = await _own_record(connection, case)
        money = await money_track(connection, rlts_traf_id)
        benefits = await decisions_of(connection, rlts_traf_id)
        years = await assessments_of(connection, rlts_traf_id)
        history = await history_of(connection, rlts_traf_id)
    response.headers["ETag"] = etag(case.version)
    return CaseShown(
        case=CaseLine.of(case, local_date(context.clock.now())),
        comparison=SideBySide.of(sheets[0], own_record) if sheets else None,
        sheet_versions=SheetVersionLine.of_all(sheets),
        money=[MoneyShown.model_validate(line) for line in money],
        benefits=[BenefitsVersionShown.model_validate(each) for each in benefits],
        years=[YearsVersionShown.model_validate(each) for each in years],
        history=[HistoryShown.model_validate(row) for row in history],
    )


@router.get(
    "/cases/{rlts_traf_id}/sheets/{sheet_version}",
    summary="已签章的信息表原文",
    response_class=Response,
    responses={200: {"content": {JOSE: {}}, "description": "签章时的原始字节"}},
)
async def get_sheet(
    caller: Reader,
    context: Context,
    rlts_traf_id: CasePath,
    sheet_version: Annotated[int, Path(ge=1, le=999)],
) -> Response:
    """The sealed bytes exactly as signed (JWS, general JSON)."""
    async with context.database.connection() as connection:
        await _load(connection, served_agency(caller, context), rlts_traf_id)
        sheets = await sheets_of(connection, rlts_traf_id)
    sheet = _version(sheets, sheet_version)
    return Response(sheet.sealed_sheet.encode(), media_type=JOSE)


def _version(sheets: list[ReceivedSheet], sheet_version: int) -> ReceivedSheet:
    found = next((sheet for sheet in sheets if sheet.sheet_version == sheet_version), None)
    if found is None:
        raise CaseNotFound("没有这个版本的信息表。", code="sheet-not-found")
    return found


async def _load(connection: AsyncConnection, admdvs: str, rlts_traf_id: str) -> InboundCase:
    case = await find_case(connection, rlts_traf_id, trafin_admdvs=admdvs)
    if case is None:
        raise CaseNotFound("没有这个办件。")
    return case


async def _own_record(connection: AsyncConnection, case: InboundCase) -> PersonRecord | None:
    if case.trafin_psn_no is None:
        return None
    [held] = await load_records(connection, [(case.trafin_admdvs, case.trafin_psn_no)])
    return held.record if held else None
