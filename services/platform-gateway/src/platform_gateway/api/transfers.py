"""Reading cases, withdrawing and forwarding them."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Header, Query, Response

from platform_gateway.api.callers import Applicant, CaseNumberPath, Context, Decider, TransferReader
from platform_gateway.api.visible_case import visible_case
from platform_gateway.context import GatewayContext
from platform_gateway.domain.money import MoneyState
from platform_gateway.domain.states import CaseState
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import histories
from platform_gateway.repository.search import CaseFilter, find_cases
from platform_gateway.schemas.transfers import (
    CaseQuery,
    CaseQueryAnswer,
    Forwarding,
    HistoryLine,
    PersonSearch,
    QueriedTransfer,
    TransferShown,
    TransferSummary,
    Withdrawal,
)
from platform_gateway.use_cases.forward_transfer import forward_transfer
from platform_gateway.use_cases.withdraw_transfer import withdraw_transfer
from platform_gateway.views import shown, summaries
from platform_gateway.visibility import Viewer
from shared import certno
from shared.clock import local_date
from shared.contracts.facts import Side
from shared.telemetry.trace import bind_case
from shared.web.etags import IfMatch, IfNoneMatch, etag, if_match
from shared.web.idempotency import Keyed
from shared.web.paging import Page, PageRequest, Paging, invalid_cursor, page_of
from shared.web.routing import Router

router = Router(tags=["办件"])

AreaFilter = Annotated[str | None, Query(pattern=r"^[0-9]{6}$", description="统筹区；与 side 同用")]
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31), description="北京时间日期，含当日")]
OptionalIfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=1000, description="可选：读取时得到的 ETag；经办系统应当提供")
]


@router.get("/transfers", summary="检索办件")
async def list_transfers(
    caller: TransferReader,
    context: Context,
    paging: Paging,
    admdvs: AreaFilter = None,
    side: Side | None = None,
    state: CaseState | None = None,
    money_state: MoneyState | None = None,
    accepted_from: Day = None,
    accepted_to: Day = None,
    is_overdue: bool | None = None,
    is_due_soon: bool | None = None,
) -> Page[TransferSummary]:
    """The latest application first; only cases that the caller may know of."""
    wanted = CaseFilter(admdvs, side, state, money_state, accepted_from, accepted_to, is_overdue, is_due_soon)
    return await _page(context, Viewer(caller), wanted, paging)


@router.post("/transfers/search", summary="按参保人检索办件（证件号码在正文中）")
async def search_transfers(
    search: PersonSearch, caller: TransferReader, context: Context, paging: Paging
) -> Page[TransferSummary]:
    """All spellings of one certificate find the same cases."""
    key = certno.person_key(search.psn_cert_type, search.certno)
    return await _page(context, Viewer(caller), CaseFilter(person_key=key), paging)


@router.post("/transfers/query", summary="按编号批量查询办件（至多 500 件）")
async def query_transfers(query: CaseQuery, caller: TransferReader, context: Context) -> CaseQueryAnswer:
    """A result per number, ``null`` where there is no case that the caller may know of."""
    viewer = Viewer(caller)
    async with context.database.connection() as connection:
        found = (await case_rows.read(connection, query.rlts_traf_ids)).values()
        cases = [case for case in found if viewer.sees(case)]
        lines = await summaries(connection, cases, local_date(context.clock.now()))
    by_number = {line.rlts_traf_id: line for line in lines}
    return CaseQueryAnswer(
        items=[QueriedTransfer(rlts_traf_id=each, transfer=by_number.get(each)) for each in query.rlts_traf_ids]
    )


@router.get(
    "/transfers/{rlts_traf_id}",
    summary="查询一个办件",
    response_model=TransferShown,
    responses={304: {"description": "与 If-None-Match 相同，没有变化"}},
)
async def get_transfer(
    rlts_traf_id: CaseNumberPath, caller: TransferReader, context: Context, known: IfNoneMatch, response: Response
) -> TransferShown | Response:
    """Both tracks, due dates with how they were counted, reasons, versions of the sheet."""
    bind_case(rlts_traf_id)
    viewer, today = Viewer(caller), local_date(context.clock.now())
    case = await visible_case(context, viewer, rlts_traf_id)
    if known.has(case.row_version):
        return Response(status_code=304, headers={"ETag": etag(case.row_version)})
    async with context.database.connection() as connection:
        other = case.open_rlts_traf_id
        in_the_way = (await case_rows.read(connection, [other])).get(other) if other else None
        view = await shown(connection, case, today, open_rlts_traf_id=viewer.told_of(in_the_way))
    response.headers["ETag"] = etag(case.row_version)
    return view


@router.get("/transfers/{rlts_traf_id}/history", summary="办件的全部经过")
async def get_history(
    rlts_traf_id: CaseNumberPath, caller: TransferReader, context: Context, paging: Paging
) -> Page[HistoryLine]:
    """Who, when, why, and which message; oldest first."""
    bind_case(rlts_traf_id)
    await visible_case(context, Viewer(caller), rlts_traf_id)
    (after,) = paging.after(int) or (0,)
    async with context.database.connection() as connection:
        rows = await histories.page(connection, rlts_traf_id, int(after), paging.limit + 1)
    return page_of(rows, paging.limit, lambda row: [row.history_no], HistoryLine.model_validate)


@router.post("/transfers/{rlts_traf_id}/withdrawal", summary="撤销申请")
async def post_withdrawal(
    rlts_traf_id: CaseNumberPath,
    withdrawal: Withdrawal,
    caller: Applicant,
    context: Context,
    keyed: Keyed,
    response: Response,
    match: OptionalIfMatch = None,
) -> TransferSummary:
    """Until the platform has accepted a first version of the sheet; afterwards 409."""
    bind_case(rlts_traf_id)
    # An applicant knows the number and the wish, rarely a version: the state alone decides, If-Match narrows.
    expected = None if match is None else await if_match(match)
    viewer = Viewer(caller)
    await withdraw_transfer(context, viewer, rlts_traf_id, withdrawal.reason, expected, keyed)
    case = await visible_case(context, viewer, rlts_traf_id)
    response.headers["ETag"] = etag(case.row_version)
    async with context.database.connection() as connection:
        (line,) = await summaries(connection, [case], local_date(context.clock.now()))
    return line


@router.post("/transfers/{rlts_traf_id}/forwarding", summary="转办：参保人选错省内统筹区的申请", status_code=204)
async def post_forwarding(
    rlts_traf_id: CaseNumberPath,
    forwarding: Forwarding,
    caller: Decider,
    context: Context,
    expected: IfMatch,
    keyed: Keyed,
) -> None:
    """Until a first sheet is accepted, also when it was refused. Nothing comes back: it is not the caller's any more.

    Before the acceptance the number stays; afterwards the case is withdrawn and goes on under a number of its own.
    """
    bind_case(rlts_traf_id)
    await forward_transfer(context, caller, rlts_traf_id, forwarding, expected, keyed)


async def _page(
    context: GatewayContext, viewer: Viewer, wanted: CaseFilter, paging: PageRequest
) -> Page[TransferSummary]:
    today = local_date(context.clock.now())
    async with context.database.connection() as connection:
        cases = await find_cases(connection, viewer, wanted, today=today, after=_after(paging), limit=paging.limit + 1)
        lines = {line.rlts_traf_id: line for line in await summaries(connection, cases[: paging.limit], today)}
    return page_of(
        cases,
        paging.limit,
        lambda case: (case.applied_at.isoformat(), case.rlts_traf_id),
        lambda case: lines[case.rlts_traf_id],
    )


def _after(paging: PageRequest) -> tuple[datetime, str] | None:
    values = paging.after(str, str)
    if values is None:
        return None
    try:
        applied_at = datetime.fromisoformat(str(values[0]))
        if applied_at.tzinfo is None:
            raise invalid_cursor()
        return applied_at.astimezone(UTC), str(values[1])
    except (ValueError, OverflowError) as error:
        raise invalid_cursor() from error
