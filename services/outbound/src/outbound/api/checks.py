"""What the platform asks before it accepts an application (N7)."""

from outbound.api.callers import Context, Platform
from outbound.use_cases.answer_checks import answer_checks
from shared.contracts.facts import CheckRequest, CheckResponse
from shared.web.routing import Router

router = Router(tags=["校验"])


@router.post("/checks", summary="转出地校验（平台调用）")
async def post_checks(_caller: Platform, context: Context, request: CheckRequest) -> CheckResponse:
    """Facts and findings per application, with ``facts_as_of``; what cannot be told is unknown, never a refusal."""
    return CheckResponse(results=tuple(await answer_checks(context.office, request.checks)))
