"""经办, 复核 and the payment hold, one case at a time and in bulk."""

from fastapi import Response

from outbound.api.callers import CasePath, Clerk, Context, Reviewer, actor_of, agency_of
from outbound.context import OutboundContext
from outbound.domain.command import Command, Result
from outbound.schemas.cases import CaseLine
from outbound.schemas.commands import BulkResult, BulkReview, BulkSubmission, ItemResult, PaymentHold, Review
from outbound.use_cases.hold_payment import Hold, change_payment_hold
from outbound.use_cases.review_sheets import Verdict, review_sheets
from outbound.use_cases.submit_sheets import submit_sheets
from shared.telemetry.trace import bind_case
from shared.web.etags import IfMatch, etag
from shared.web.routing import Router

router = Router(tags=["经办与复核"])


@router.post("/cases/{rlts_traf_id}/submission", summary="经办：提交复核")
async def post_submission(
    rlts_traf_id: CasePath, caller: Clerk, context: Context, expected: IfMatch, response: Response
) -> CaseLine:
    """A draft with errors is refused with all of them."""
    bind_case(rlts_traf_id)
    commands = [Command(rlts_traf_id, expected.tags, None)]
    [result] = await submit_sheets(context.office, agency_of(caller, context), actor_of(caller), commands)
    return _line(context, result, response)


@router.post("/cases/{rlts_traf_id}/review", summary="复核：通过或退回")
async def post_review(
    rlts_traf_id: CasePath, review: Review, caller: Reviewer, context: Context, expected: IfMatch, response: Response
) -> CaseLine:
    """Approval has the account frozen and the sheet sealed; a rejection needs a reason."""
    bind_case(rlts_traf_id)
    commands = [Command(rlts_traf_id, expected.tags, _verdict(review))]
    [result] = await review_sheets(context.office, agency_of(caller, context), actor_of(caller), commands)
    return _line(context, result, response)


@router.post("/cases/{rlts_traf_id}/payment-hold", summary="暂缓付款或解除暂缓")
async def post_payment_hold(
    rlts_traf_id: CasePath, hold: PaymentHold, caller: Reviewer, context: Context, expected: IfMatch, response: Response
) -> CaseLine:
    """The order itself is the ledger's; this tells it to wait, and why."""
    bind_case(rlts_traf_id)
    command = Command(rlts_traf_id, expected.tags, Hold(hold.is_held, hold.reason))
    result = await change_payment_hold(context.office, agency_of(caller, context), actor_of(caller), command)
    return _line(context, result, response)


@router.post("/submissions", summary="批量经办（至多 500 件）")
async def post_submissions(caller: Clerk, context: Context, bulk: BulkSubmission) -> BulkResult:
    """A result per item, in the order given; one that is refused does not stop the others."""
    commands = [Command(item.rlts_traf_id, frozenset({str(item.row_version)}), None) for item in bulk.items]
    results = await submit_sheets(context.office, agency_of(caller, context), actor_of(caller), commands)
    return BulkResult(items=[ItemResult.of(result) for result in results])


@router.post("/reviews", summary="批量复核（至多 500 件）")
async def post_reviews(caller: Reviewer, context: Context, bulk: BulkReview) -> BulkResult:
    """A result per item, in the order given; one that is refused does not stop the others."""
    commands = [Command(item.rlts_traf_id, frozenset({str(item.row_version)}), _verdict(item)) for item in bulk.items]
    results = await review_sheets(context.office, agency_of(caller, context), actor_of(caller), commands)
    return BulkResult(items=[ItemResult.of(result) for result in results])


def _verdict(review: Review) -> Verdict:
    return Verdict(review.decision == "approve", review.reason)


def _line(context: OutboundContext, result: Result, response: Response) -> CaseLine:
    case = result.require()
    response.headers["ETag"] = etag(case.row_version)
    return CaseLine.of(case, context.office.today())
