"""试算 of eligibility and deadlines: what would be answered, until when, and why."""

from fastapi.responses import StreamingResponse
from starlette.requests import Request

from platform_gateway.api.callers import Context
from platform_gateway.schemas.deadlines import DeadlinesTrial, DeadlinesTried
from platform_gateway.schemas.trials import EligibilityTrial, EligibilityTried
from platform_gateway.use_cases.try_deadlines import try_deadlines
from platform_gateway.use_cases.try_eligibility import try_eligibility
from shared.clock import local_date
from shared.web.ndjson import NDJSON
from shared.web.routing import Router, streamed
from shared.web.trials import NDJSON_ANSWER, Trier, max_trial_bytes, trial_lines

router = Router(tags=["试算"])


@router.post("/trials/eligibility", summary="试算是否符合转移接续条件")
async def post_eligibility(_caller: Trier, context: Context, trial: EligibilityTrial) -> EligibilityTried:
    """The answer that a real application would get, with articles, readings and policies; nothing is stored."""
    return try_eligibility(trial, await context.registry.fresh(), context.clock.now())


@router.post(
    "/trials/eligibility/batch",
    summary="批量试算是否符合转移接续条件（NDJSON）",
    response_class=StreamingResponse,
    responses=NDJSON_ANSWER,
)
@streamed(NDJSON, limit=max_trial_bytes)
async def post_eligibility_batch(_caller: Trier, context: Context, request: Request) -> StreamingResponse:
    """A line for each line, in order."""
    registry, now = await context.registry.fresh(), context.clock.now()
    return trial_lines(request, EligibilityTrial, lambda trial: try_eligibility(trial, registry, now))


@router.post("/trials/deadlines", summary="试算办理时限")
async def post_deadlines(_caller: Trier, context: Context, trial: DeadlinesTrial) -> DeadlinesTried:
    """Every clock with the days that it counts and skips, its articles and readings; nothing is stored."""
    registry, today = await context.registry.fresh(), local_date(context.clock.now())
    return try_deadlines(trial, registry, today, context.settings.deadline_warn_share)


@router.post(
    "/trials/deadlines/batch",
    summary="批量试算办理时限（NDJSON）",
    response_class=StreamingResponse,
    responses=NDJSON_ANSWER,
)
@streamed(NDJSON, limit=max_trial_bytes)
async def post_deadlines_batch(_caller: Trier, context: Context, request: Request) -> StreamingResponse:
    """A line for each line, in order."""
    registry, today = await context.registry.fresh(), local_date(context.clock.now())
    share = context.settings.deadline_warn_share
    return trial_lines(request, DeadlinesTrial, lambda trial: try_deadlines(trial, registry, today, share))
