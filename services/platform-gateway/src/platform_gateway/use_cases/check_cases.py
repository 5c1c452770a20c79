"""Ask the sides about cases and decide them; for the request that lodged them and for the worker alike."""

from collections.abc import Sequence

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.repository import cases as case_rows
from platform_gateway.use_cases.ask_sides import ask_sides
from platform_gateway.use_cases.decide_cases import decide_cases


async def check_cases(context: GatewayContext, cases: Sequence[Case]) -> dict[str, Case]:
    """Ask and decide as one set, no transaction open while asking; the cases as they are then, by number."""
    if not cases:
        return {}
    registry = await context.registry.fresh()
    answers = await ask_sides(context, registry, cases)
    async with context.database.transaction() as connection:
        return await decide_cases(connection, context, registry, cases, answers)


async def recheck_due_cases(context: GatewayContext) -> int:
    """Take the unanswered cases that are due, under a lease, and check them; how many were taken."""
    now = context.clock.now()
    async with context.database.transaction() as connection:
        claimed = await case_rows.claim_due_checks(
            connection, now, now + context.settings.check_lease, context.settings.check_batch
        )
    await check_cases(context, claimed)
    return len(claimed)
