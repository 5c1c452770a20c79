"""The platform's checks (N7)."""

from inbound.api.callers import Platform
from inbound.context import Context
from inbound.use_cases.answer_checks import answer_checks
from shared.contracts.facts import CheckRequest, CheckResponse
from shared.web.routing import Router

router = Router(tags=["前置校验"])


@router.post("/checks", summary="转入地校验：事实与结论")
async def post_checks(_caller: Platform, context: Context, request: CheckRequest) -> CheckResponse:
    """A result per application, in the order asked; an unknown finding never refuses."""
    return CheckResponse(results=await answer_checks(context.database, request.checks, context.office))
