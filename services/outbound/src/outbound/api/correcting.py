"""What a clerk may do to a sheet that the platform has taken in already."""

from fastapi import Response

from outbound.api.callers import CasePath, Clerk, Context, Reviewer, actor_of, agency_of
from outbound.context import OutboundContext
from outbound.domain.command import Command, Result
from outbound.domain.transitions.correcting import Correction
from outbound.schemas.cases import CaseLine
from outbound.schemas.commands import Abandonment, CorrectionBody, Recall, Review
from outbound.use_cases.correct_sheet import abandon_sheet_correction, begin_sheet_correction
from outbound.use_cases.recall_sheet import RecallReview, review_sheet_recall, submit_sheet_recall
from shared.telemetry.trace import bind_case
from shared.web.etags import IfMatch, etag
from shared.web.routing import Router

router = Router(tags=["信息表更正"])


@router.post("/cases/{rlts_traf_id}/correction", summary="办结后更正信息表：开始新一版草稿")
async def post_correction(
    rlts_traf_id: CasePath,
    body: CorrectionBody,
    caller: Clerk,
    context: Context,
    expected: IfMatch,
    response: Response,
) -> CaseLine:
    """The relation stays ended; two people handle the new version as every other."""
    bind_case(rlts_traf_id)
    command = Command(rlts_traf_id, expected.tags, Correction(body.kind, body.reason, body.amount))
    result = await begin_sheet_correction(context.office, agency_of(caller, context), actor_of(caller), command)
    return _line(context, result, response)


@router.post("/cases/{rlts_traf_id}/correction/abandonment", summary="放弃尚未签章的更正")
async def post_abandonment(
    rlts_traf_id: CasePath, body: Abandonment, caller: Clerk, context: Context, expected: IfMatch, response: Response
) -> CaseLine:
    """The case is as it was; the number of the version stays unused."""
    bind_case(rlts_traf_id)
    command = Command(rlts_traf_id, expected.tags, body.reason)
    result = await abandon_sheet_correction(context.office, agency_of(caller, context), actor_of(caller), command)
    return _line(context, result, response)


@router.post("/cases/{rlts_traf_id}/recall", summary="经办：办结前撤回误签章的信息表")
async def post_recall(
    rlts_traf_id: CasePath, body: Recall, caller: Clerk, context: Context, expected: IfMatch, response: Response
) -> CaseLine:
    """While the version is at the inbound; it takes effect when another person approves."""
    bind_case(rlts_traf_id)
    command = Command(rlts_traf_id, expected.tags, body.reason)
    result = await submit_sheet_recall(context.office, agency_of(caller, context), actor_of(caller), command)
    return _line(context, result, response)


@router.post("/cases/{rlts_traf_id}/recall/review", summary="复核信息表撤回：通过或退回")
async def post_recall_review(
    rlts_traf_id: CasePath, body: Review, caller: Reviewer, context: Context, expected: IfMatch, response: Response
) -> CaseLine:
    """Approval asks the platform, which answers as with a return, or by the completion that came first."""
    bind_case(rlts_traf_id)
    ask = RecallReview(body.decision == "approve", body.reason)
    command = Command(rlts_traf_id, expected.tags, ask)
    result = await review_sheet_recall(context.office, agency_of(caller, context), actor_of(caller), command)
    return _line(context, result, response)


def _line(context: OutboundContext, result: Result, response: Response) -> CaseLine:
    case = result.require()
    response.headers["ETag"] = etag(case.row_version)
    return CaseLine.of(case, context.office.today())
