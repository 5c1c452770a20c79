"""What could not be matched, why, since when, and whose work it is; what clerks say of it."""

from typing import Annotated

from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.api.callers import Clerk, Context, Viewer, agency_of
from ledger.api.cursors import after_id
from ledger.context import LedgerContext
from ledger.domain.suspense import SuspenseReason
from ledger.repository import orders, outcomes, suspense_events, suspense_items
from ledger.schemas.statements import LineShown
from ledger.schemas.suspense import Assignment, ClerkId, Comment, SuspenseEventShown, SuspenseItemShown
from ledger.use_cases.assign_items import assign_items
from ledger.use_cases.choose_items import Wanted
from ledger.use_cases.comment_on_items import comment_on_items
from shared.contracts.codes import CaseNumber
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

LinePath = Annotated[int, Path(ge=1, lt=2**63, description="流水编号")]

_SHOWN_EVENTS = 20

router = Router(tags=["挂账"])


@router.get("/suspense", summary="挂账：未能匹配的款项")
async def get_suspense(
    caller: Viewer,
    context: Context,
    paging: Paging,
    reason: SuspenseReason | None = None,
    rlts_traf_id: Annotated[CaseNumber | None, Query()] = None,
    assigned_to: Annotated[ClerkId | None, Query()] = None,
) -> Page[LineShown]:
    """Open items, oldest first."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.connection() as connection:
        rows = await outcomes.open_suspense(
            connection,
            admdvs,
            reason=reason,
            rlts_traf_id=rlts_traf_id,
            assigned_to=assigned_to,
            after=after_id(paging),
            limit=paging.limit,
        )
    return page_of(rows, paging.limit, lambda row: (row.id,), lambda row: LineShown.of(row, now))


@router.get("/suspense/{line_id}", summary="一笔挂账款项及其处理经过")
async def get_item(caller: Viewer, context: Context, line_id: LinePath, response: Response) -> SuspenseItemShown:
    """The item, settled ones too; ``ETag`` for whatever is done with it."""
    return await shown(context, agency_of(caller, context), line_id, response)


@router.get("/suspense/{line_id}/events", summary="一笔挂账款项的全部处理经过")
async def get_events(caller: Viewer, context: Context, line_id: LinePath, paging: Paging) -> Page[SuspenseEventShown]:
    """Who did what, when and why, newest first."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        if not await suspense_items.by_ids(connection, admdvs, [line_id]):
            raise NotFound("没有这笔挂账款项")
        rows = await suspense_events.page(connection, line_id, after=after_id(paging), limit=paging.limit)
    return page_of(rows, paging.limit, lambda row: (row.id,), SuspenseEventShown.of)


@router.put("/suspense/{line_id}/assignment", summary="把一笔挂账款项分派给经办人员")
async def put_assignment(
    caller: Clerk, context: Context, line_id: LinePath, body: Assignment, expected: IfMatch, response: Response
) -> SuspenseItemShown:
    """Who looks after it from now on."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.transaction() as connection:
        chosen = await assign_items(
            connection,
            admdvs,
            [Wanted(line_id, expected)],
            assigned_to=body.assigned_to,
            reason=body.reason,
            by=caller.opter_id,
            now=now,
        )
        chosen.require_all()
    return await shown(context, admdvs, line_id, response)


@router.post("/suspense/{line_id}/comments", status_code=201, summary="给一笔挂账款项加备注")
async def post_comment(
    caller: Clerk,
    context: Context,
    line_id: LinePath,
    body: Comment,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> SuspenseItemShown:
    """A note for colleagues; it leaves the ledger with no message, feed or log."""
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def comment(connection: AsyncConnection) -> None:
        wanted = [Wanted(line_id, expected)]
        chosen = await comment_on_items(connection, admdvs, wanted, comment=body.comment, by=caller.opter_id, now=now)
        chosen.require_all()

    await act_once(context.database, keyed, comment, resource_id=line_id, status=201, location="/v1/suspense", now=now)
    response.headers["Location"] = f"/v1/suspense/{line_id}"
    return await shown(context, admdvs, line_id, response)


async def shown(context: LedgerContext, admdvs: str, line_id: int, response: Response) -> SuspenseItemShown:
    """The item as it is now, its ``ETag`` on the response; raises ``NotFound``."""
    async with context.database.connection() as connection:
        items = await suspense_items.by_ids(connection, admdvs, [line_id])
        line = await outcomes.line_by_id(connection, admdvs, line_id)
        returns = await orders.returns_of_line(connection, admdvs, line_id)
        events = await suspense_events.page(connection, line_id, after=None, limit=_SHOWN_EVENTS)
    if not items or line is None:
        raise NotFound("没有这笔挂账款项")
    response.headers["ETag"] = etag(items[0].version)
    return SuspenseItemShown.of(items[0], line, returns, events[:_SHOWN_EVENTS], context.clock.now())
