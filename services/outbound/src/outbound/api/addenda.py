"""Addenda: money that came after sealing, seen to by two people."""

from typing import Annotated

from fastapi import Path, Response

from outbound.api.callers import CasePath, Clerk, Context, Reader, Reviewer, actor_of, agency_of, own_case
from outbound.context import OutboundContext
from outbound.domain.command import Command
from outbound.repository.addenda import addenda_of
from outbound.repository.cases import load_case
from outbound.schemas.addenda import AddendumBody, AddendumReviewBody, AddendumShown
from outbound.use_cases.handle_addenda import AddendumReview, propose_addendum, review_addendum
from shared.telemetry.trace import bind_case
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed
from shared.web.routing import Router

AddendumPath = Annotated[int, Path(ge=1, le=99, description="补充单序号")]

router = Router(prefix="/cases/{rlts_traf_id}/addenda", tags=["信息表补充单"])


@router.get("", summary="办件的补充单")
async def get_addenda(rlts_traf_id: CasePath, caller: Reader, context: Context) -> list[AddendumShown]:
    """In their order, at most 99."""
    case = await own_case(context, caller, rlts_traf_id)
    return await _shown(context, case.rlts_traf_id)


@router.post("", summary="经办：提出补充单（签章后到账的资金）", status_code=201)
async def post_addendum(
    rlts_traf_id: CasePath,
    body: AddendumBody,
    caller: Clerk,
    context: Context,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AddendumShown:
    """Once a sheet was accepted; the sheet is not reopened. It takes effect when another person approves."""
    bind_case(rlts_traf_id)
    admdvs, command = agency_of(caller, context), Command(rlts_traf_id, expected.tags, body.ask())
    number = await propose_addendum(context.office, admdvs, actor_of(caller), command, keyed)
    response.headers["Location"] = f"/v1/cases/{rlts_traf_id}/addenda"
    async with context.database.connection() as connection:
        case = await load_case(connection, admdvs, rlts_traf_id)
    if case is not None:
        response.headers["ETag"] = etag(case.row_version)
    return (await _shown(context, rlts_traf_id))[number - 1]


@router.post("/{addendum_no}/review", summary="复核补充单：通过或退回")
async def post_addendum_review(
    rlts_traf_id: CasePath,
    addendum_no: AddendumPath,
    body: AddendumReviewBody,
    caller: Reviewer,
    context: Context,
    expected: IfMatch,
    response: Response,
) -> AddendumShown:
    """Approval has the core book the money and the addendum sealed."""
    bind_case(rlts_traf_id)
    ask = AddendumReview(addendum_no, body.decision == "approve", body.reason)
    command = Command(rlts_traf_id, expected.tags, ask)
    result = await review_addendum(context.office, agency_of(caller, context), actor_of(caller), command)
    response.headers["ETag"] = etag(result.require().row_version)
    return (await _shown(context, rlts_traf_id))[addendum_no - 1]


async def _shown(context: OutboundContext, rlts_traf_id: str) -> list[AddendumShown]:
    async with context.database.connection() as connection:
        found = await addenda_of(connection, [rlts_traf_id])
    return [AddendumShown.of(each) for each in found.values()]
