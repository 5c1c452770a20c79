"""试算 of an 信息表, alike at both sides of an agency."""

from fastapi.responses import StreamingResponse
from starlette.requests import Request

from shared.agency.api.context import Context
from shared.agency.sheet_trial import SheetTrial, SheetTried
from shared.agency.use_cases.try_sheet import try_sheet
from shared.clock import local_date
from shared.web.ndjson import NDJSON
from shared.web.routing import Router, streamed
from shared.web.trials import NDJSON_ANSWER, Trier, max_trial_bytes, trial_lines

router = Router(tags=["试算"])


@router.post("/trials/sheet", summary="试算信息表：由参保记录生成，或核对一张信息表")
async def post_sheet(_caller: Trier, context: Context, trial: SheetTrial) -> SheetTried:
    """Every error and warning with row, box and article, and what became of each record; nothing is stored."""
    registry, today = context.registry, local_date(context.clock.now())
    return try_sheet(trial, registry, today, paid_flags=context.settings.paid_clct_flags)


@router.post(
    "/trials/sheet/batch",
    summary="批量试算信息表（NDJSON）",
    response_class=StreamingResponse,
    responses=NDJSON_ANSWER,
)
@streamed(NDJSON, limit=max_trial_bytes)
async def post_sheet_batch(_caller: Trier, context: Context, request: Request) -> StreamingResponse:
    """A line for each line, in order."""
    registry, today = context.registry, local_date(context.clock.now())
    paid_flags = context.settings.paid_clct_flags
    return trial_lines(request, SheetTrial, lambda trial: try_sheet(trial, registry, today, paid_flags=paid_flags))
