"""The work list, a case, its history, its sealed sheets."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query, Response

from outbound.api.callers import CasePath, Context, Reader, SheetReader, agency_of, own_case
from outbound.context import OutboundContext
from outbound.domain.case import Case, CaseState
from outbound.domain.errors import SheetUnknown
from outbound.repository.cases import WorkFilter, list_cases
from outbound.repository.core_tasks import tasks_not_done
from outbound.repository.history import load_steps
from outbound.repository.payments import load_payment_facts
from outbound.repository.sheets import list_issues, load_accepted, load_sealed
from outbound.schemas.cases import OUTBOUND_TURN, CaseLine, CaseShown, HistoryLine, IssueShown, PaymentShown, Waiting
from shared.contracts.codes import AreaCode
from shared.contracts.facts import PsnNo
from shared.sheet_rules import changes_by_version
from shared.signing.seal import read_sheet
from shared.web.etags import IfNoneMatch, etag
from shared.web.paging import Page, Paging, invalid_cursor, page_of
from shared.web.routing import Router

JOSE = "application/jose+json"

States = Annotated[list[CaseState] | None, Query(max_length=len(CaseState), description="办件状态，可重复")]
Version = Annotated[int, Path(ge=1, le=999, description="信息表版本")]

router = Router(tags=["办件"])


@router.get("/cases", summary="待办办件")
async def get_cases(
    caller: Reader,
    context: Context,
    paging: Paging,
    state: States = None,
    is_overdue: bool = False,
    is_due_soon: bool = False,
    due_until: date | None = None,
    trafin_admdvs: AreaCode | None = None,
    psn_no: PsnNo | None = None,
) -> Page[CaseLine]:
    """What is due first comes first, so overdue cases lead; without ``state`` those where our own clock runs."""
    today = context.office.today()
    wanted = WorkFilter(
        admdvs=agency_of(caller, context),
        states=tuple(state or OUTBOUND_TURN),
        trafin_admdvs=trafin_admdvs,
        psn_no=psn_no,
        due_until=due_until,
        overdue_on=today if is_overdue else None,
        due_soon_on=today if is_due_soon else None,
    )
    after = _key(paging.after(str, str))
    async with context.database.connection() as connection:
        cases = await list_cases(connection, wanted, after=after, limit=paging.limit + 1)
    return page_of(
        cases, paging.limit, lambda case: (case.due_on.isoformat(), case.rlts_traf_id), lambda c: CaseLine.of(c, today)
    )


def _key(values: tuple[str | int, ...] | None) -> tuple[date, str] | None:
    if values is None:
        return None
    try:
        return date.fromisoformat(str(values[0])), str(values[1])
    except ValueError:
        raise invalid_cursor() from None


@router.get(
    "/cases/{rlts_traf_id}",
    summary="查询一个办件",
    response_model=CaseShown,
    responses={304: {"description": "与 If-None-Match 相同，没有变化"}},
)
async def get_case(
    rlts_traf_id: CasePath, caller: Reader, context: Context, known: IfNoneMatch, response: Response
) -> CaseShown | Response:
    """The case with its sheets, payments and what the core has not done yet."""
    case = await own_case(context, caller, rlts_traf_id)
    if known.has(case.row_version):
        return Response(status_code=304, headers={"ETag": etag(case.row_version)})
    response.headers["ETag"] = etag(case.row_version)
    return await _shown(context, case)


async def _shown(context: OutboundContext, case: Case) -> CaseShown:
    async with context.database.connection() as connection:
        sheets = await list_issues(connection, case.rlts_traf_id)
        accepted = await load_accepted(connection, case.rlts_traf_id) if len(sheets) > 1 else []
        payments = await load_payment_facts(connection, case.rlts_traf_id)
        tasks = await tasks_not_done(connection, case.admdvs, case.rlts_traf_id)
    changes = changes_by_version(read_sheet(text) for text in accepted)
    return CaseShown.whole(
        case,
        context.office.today(),
        sheets=[IssueShown.of(issue, changes.get(issue.version, [])) for issue in sheets],
        payments=[PaymentShown.of(fact) for fact in payments],
        core_tasks=[Waiting.model_validate(task, from_attributes=True) for task in tasks],
    )


@router.get("/cases/{rlts_traf_id}/history", summary="办件的全部经过")
async def get_history(rlts_traf_id: CasePath, caller: Reader, context: Context, paging: Paging) -> Page[HistoryLine]:
    """Who, when, why, and which message; oldest first."""
    case = await own_case(context, caller, rlts_traf_id)
    (after,) = paging.after(int) or (0,)
    async with context.database.connection() as connection:
        steps = await load_steps(connection, case.rlts_traf_id, after=int(after), limit=paging.limit + 1)
    return page_of(steps, paging.limit, lambda step: (step[0],), HistoryLine.of)


@router.get(
    "/cases/{rlts_traf_id}/sheets/{version}",
    summary="下载已签章的信息表",
    response_class=Response,
    responses={200: {"content": {JOSE: {}}, "description": "签章时的原始字节"}},
)
async def get_sheet(rlts_traf_id: CasePath, version: Version, caller: SheetReader, context: Context) -> Response:
    """The sealed bytes exactly as signed."""
    case = await own_case(context, caller, rlts_traf_id)
    async with context.database.connection() as connection:
        sealed = await load_sealed(connection, [(case.rlts_traf_id, version)])
    if not sealed:
        raise SheetUnknown("没有这一版信息表")
    found = sealed[(case.rlts_traf_id, version)]
    headers = {"ETag": f'"{found.sheet_digest}"'}
    return Response(found.sealed_sheet.encode(), media_type=JOSE, headers=headers)
