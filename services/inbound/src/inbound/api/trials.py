"""试算 of benefits and contribution years: facts in, the explained decision out."""

from fastapi.responses import StreamingResponse
from starlette.requests import Request

from inbound.context import Context
from inbound.schemas.benefits import BenefitsShown
from inbound.schemas.trials import BenefitsTrial, YearsTrial
from inbound.schemas.years import YearsShown
from inbound.use_cases.try_decisions import try_benefits, try_years
from shared.clock import local_date
from shared.web.ndjson import NDJSON
from shared.web.routing import Router, streamed
from shared.web.trials import NDJSON_ANSWER, Trier, max_trial_bytes, trial_lines

router = Router(tags=["试算"])


@router.post("/trials/benefits", summary="试算待遇衔接")
async def post_benefits(_caller: Trier, context: Context, trial: BenefitsTrial) -> BenefitsShown:
    """When benefits would begin, why, and what another reading would give; nothing is stored."""
    return _benefits(context, trial)


@router.post("/trials/years", summary="试算缴费年限")
async def post_years(_caller: Trier, context: Context, trial: YearsTrial) -> YearsShown:
    """Which months would count, what is required and what is missing; nothing is stored."""
    return _years(context, trial)


@router.post(
    "/trials/benefits/batch",
    summary="批量试算待遇衔接（NDJSON）",
    response_class=StreamingResponse,
    responses=NDJSON_ANSWER,
)
@streamed(NDJSON, limit=max_trial_bytes)
async def post_benefits_batch(_caller: Trier, context: Context, request: Request) -> StreamingResponse:
    """A line for each line, in order."""
    return trial_lines(request, BenefitsTrial, lambda trial: _benefits(context, trial))


@router.post(
    "/trials/years/batch",
    summary="批量试算缴费年限（NDJSON）",
    response_class=StreamingResponse,
    responses=NDJSON_ANSWER,
)
@streamed(NDJSON, limit=max_trial_bytes)
async def post_years_batch(_caller: Trier, context: Context, request: Request) -> StreamingResponse:
    """A line for each line, in order."""
    return trial_lines(request, YearsTrial, lambda trial: _years(context, trial))


def _benefits(context: Context, trial: BenefitsTrial) -> BenefitsShown:
    today = local_date(context.clock.now())
    return BenefitsShown.of(try_benefits(trial, context.office.registry.current, today))


def _years(context: Context, trial: YearsTrial) -> YearsShown:
    today = local_date(context.clock.now())
    return YearsShown.of(try_years(trial, context.office.registry.current, today))
