"""What somebody has to look at."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.api.adjustment_answers import answer_proposed
from ledger.api.callers import Checker, Clerk, Context, Reader, agency_of
from ledger.api.cursors import after_id
from ledger.domain.alerts import AlertKind
from ledger.repository import alerts
from ledger.schemas.adjustments import AdjustmentShown
from ledger.schemas.alerts import AlertSettlement, AlertShown
from ledger.use_cases.propose_adjustments import Proposer
from ledger.use_cases.propose_release import propose_release
from ledger.use_cases.settle_alert import settle_alert
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

AlertPath = Annotated[int, Path(ge=1, lt=2**63, description="提示编号")]

router = Router(tags=["提示"])


@router.get("/alerts", summary="需要查看的情况")
async def get_alerts(
    caller: Reader,
    context: Context,
    paging: Paging,
    kind: AlertKind | None = None,
    is_open: Annotated[bool | None, Query(description="是否尚未处理")] = None,
) -> Page[AlertShown]:
    """The agency's alerts, newest first."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        rows = await alerts.page(
            connection, admdvs, kind=kind, is_open=is_open, after=after_id(paging), limit=paging.limit
        )
    return page_of(rows, paging.limit, lambda row: (row.id,), AlertShown.of)


@router.put("/alerts/{alert_id}/settlement", summary="处理一条没有暂缓支付的提示")
async def put_settlement(
    caller: Checker, context: Context, alert_id: AlertPath, body: AlertSettlement, expected: IfMatch, response: Response
) -> AlertShown:
    """Say what was found, and close it; one that holds orders takes two people (``release``)."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.transaction() as connection:
        row = await settle_alert(
            connection,
            admdvs,
            alert_id,
            reason=body.reason,
            expected=expected,
            by=caller.opter_id,
            now=now,
        )
    response.headers["ETag"] = etag(row.version)
    return AlertShown.of(row)


@router.post("/alerts/{alert_id}/release", status_code=201, summary="提出解除一条提示所暂缓的支付（经办）")
async def post_release(
    caller: Clerk,
    context: Context,
    alert_id: AlertPath,
    body: AlertSettlement,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AdjustmentShown:
    """The first of two people; once another approves the adjustment, the alert is closed and its orders go on."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    proposer = Proposer(caller.opter_id, now, body.reason)

    async def propose(connection: AsyncConnection) -> UUID:
        return await propose_release(connection, admdvs, alert_id, proposer, expected=expected)

    return await answer_proposed(context, admdvs, keyed, response, propose, now=now)
