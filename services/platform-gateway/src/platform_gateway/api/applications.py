"""Applying, one at a time and in bulk."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.api.callers import Applicant, Context
from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.repository import answers, batches
from platform_gateway.repository import cases as case_rows
from platform_gateway.schemas.applications import (
    ApplicationAnswer,
    ApplicationBatch,
    BatchAnswer,
    TransferRequest,
    of_case,
    without_case,
)
from platform_gateway.use_cases.apply_for_transfers import apply_for_transfer, apply_in_batch
from platform_gateway.visibility import Viewer
from shared.telemetry.trace import bind_case
from shared.web.idempotency import Keyed
from shared.web.routing import Router

Prefer = Annotated[str, Header(max_length=200, description="respond-async：立即以 202 应答，校验在后台进行")]

router = Router(tags=["申请"])


@router.post(
    "/transfers",
    status_code=201,
    summary="提交转移接续申请",
    responses={
        200: {"model": ApplicationAnswer, "description": "无需办理，附应当怎样办"},
        202: {"model": ApplicationAnswer, "description": "校验中，尚有一方未答复"},
    },
)
async def post_transfer(
    application: TransferRequest,
    caller: Applicant,
    context: Context,
    keyed: Keyed,
    response: Response,
    prefer: Prefer = "",
) -> ApplicationAnswer:
    """201 with the verdict, 202 while a side has not answered, 200 where nothing needs to be done."""
    respond_async = "respond-async" in prefer.replace(" ", "").lower().split(",")
    answer, decided = await apply_for_transfer(context, caller, application, keyed, respond_async=respond_async)
    response.status_code = answer.status
    if answer.location is None:
        async with context.database.connection() as connection:
            reasons = await answers.reasons(connection, UUID(answer.resource_id))
        return without_case(reasons, is_not_needed=True)
    bind_case(answer.resource_id)
    response.headers["Location"] = answer.location
    if decided is not None and decided.open_rlts_traf_id is None:
        return of_case(decided, open_rlts_traf_id=None)
    async with context.database.connection() as connection:
        cases = await case_rows.read(connection, [answer.resource_id])
        return (await _answers(connection, Viewer(caller), cases))[answer.resource_id]


@router.post("/transfers/batch", summary="批量提交申请（至多 500 件），逐件答复")
async def post_batch(batch: ApplicationBatch, caller: Applicant, context: Context, keyed: Keyed) -> BatchAnswer:
    """Each item as the single call would answer it; what no case arises from is ``not_taken`` with its reasons."""
    batch_id = await apply_in_batch(context, caller, batch.items, keyed)
    return await _batch_answer(context, Viewer(caller), batch_id)


async def _batch_answer(context: GatewayContext, viewer: Viewer, batch_id: UUID) -> BatchAnswer:
    async with context.database.connection() as connection:
        items = await batches.items(connection, batch_id)
        numbers = [item["rlts_traf_id"] for item in items if item["rlts_traf_id"]]
        shown = await _answers(connection, viewer, await case_rows.read(connection, numbers))
    return BatchAnswer(
        batch_id=str(batch_id),
        items=[
            shown[item["rlts_traf_id"]]
            if item["rlts_traf_id"]
            else without_case(item["reasons"], is_not_needed=item["is_not_needed"])
            for item in items
        ],
    )


async def _answers(connection: AsyncConnection, viewer: Viewer, cases: dict[str, Case]) -> dict[str, ApplicationAnswer]:
    """The answer of each case; the case in its way is named only to who may know of it (A08)."""
    others = {case.open_rlts_traf_id for case in cases.values() if case.open_rlts_traf_id}
    in_the_way = await case_rows.read(connection, others) if others else {}
    return {
        number: of_case(case, open_rlts_traf_id=viewer.told_of(in_the_way.get(case.open_rlts_traf_id or "")))
        for number, case in cases.items()
    }
