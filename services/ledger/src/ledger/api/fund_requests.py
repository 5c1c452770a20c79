"""用款申请: asked for by one person, approved by another, answered by the bank's allotment."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from ledger.api.callers import Checker, Clerk, Context, Viewer, agency_of
from ledger.api.cursors import after_instant
from ledger.context import LedgerContext
from ledger.domain.fund_requests import FundRequestState
from ledger.repository import fund_requests
from ledger.schemas.fund_requests import (
    Allotment,
    FundDecision,
    FundRequestLine,
    FundRequestShown,
    NewFundRequest,
)
from ledger.use_cases.decide_fund_request import decide_fund_request
from ledger.use_cases.fund_orders import fund_orders_by_hand
from ledger.use_cases.request_funds import request_funds
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

RequestPath = Annotated[UUID, Path(description="用款申请编号")]

router = Router(tags=["用款申请"])


@router.post("/fund-requests", status_code=201, summary="提出用款申请（经办）")
async def post_request(
    caller: Clerk, context: Context, body: NewFundRequest, keyed: Keyed, response: Response
) -> FundRequestShown:
    """Over orders that wait for funds."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    request_id = await act_once(
        context.database,
        keyed,
        lambda connection: request_funds(connection, admdvs, body.wanted(), by=caller.opter_id, now=now),
        status=201,
        location="/v1/fund-requests",
        now=now,
    )
    response.headers["Location"] = f"/v1/fund-requests/{request_id}"
    return await _shown(context, admdvs, UUID(request_id), response)


@router.get("/fund-requests", summary="用款申请")
async def get_requests(
    caller: Viewer, context: Context, paging: Paging, state: FundRequestState | None = None
) -> Page[FundRequestLine]:
    """The agency's requests, newest first."""
    admdvs, after = agency_of(caller, context), after_instant(paging)
    async with context.database.connection() as connection:
        rows = await fund_requests.page(connection, admdvs, state=state, after=after, limit=paging.limit)
    return page_of(rows, paging.limit, lambda row: (row.proposed_at.isoformat(), str(row.id)), FundRequestLine.of)


@router.get("/fund-requests/{request_id}", summary="一份用款申请")
async def get_request(
    caller: Viewer, context: Context, request_id: RequestPath, response: Response
) -> FundRequestShown:
    """The request with its orders; ``ETag`` for the second person."""
    return await _shown(context, agency_of(caller, context), request_id, response)


@router.put("/fund-requests/{request_id}/decision", summary="复核用款申请（同意或退回），或撤回财政未拨的")
async def put_decision(
    caller: Checker,
    context: Context,
    request_id: RequestPath,
    body: FundDecision,
    expected: IfMatch,
    response: Response,
) -> FundRequestShown:
    """The second person's step; to reject what is approved and not funded yet withdraws it."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.transaction() as connection:
        await decide_fund_request(
            connection,
            admdvs,
            request_id,
            is_approved=body.decision == "approve",
            reason=body.reason,
            expected=expected,
            by=caller.opter_id,
            now=now,
        )
    return await _shown(context, admdvs, request_id, response)


@router.put("/fund-requests/{request_id}/allotment", summary="认定拨款")
async def put_allotment(
    caller: Checker, context: Context, request_id: RequestPath, body: Allotment, expected: IfMatch, response: Response
) -> FundRequestShown:
    """Which bank line answers the request, where the system cannot tell by itself; one may answer several."""
    admdvs = agency_of(caller, context)
    async with context.database.transaction() as connection:
        await fund_orders_by_hand(connection, admdvs, request_id, body.line_id, expected=expected)
    return await _shown(context, admdvs, request_id, response)


async def _shown(context: LedgerContext, admdvs: str, request_id: UUID, response: Response) -> FundRequestShown:
    async with context.database.connection() as connection:
        row = await fund_requests.by_id(connection, admdvs, request_id)
        if row is None:
            raise NotFound("没有这份用款申请")
        orders = await fund_requests.items(connection, request_id)
    response.headers["ETag"] = etag(row.version)
    return FundRequestShown.with_orders(row, orders)
