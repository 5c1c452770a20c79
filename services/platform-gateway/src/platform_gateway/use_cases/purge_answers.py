"""Forget idempotency answers that nobody may ask for any more."""

from platform_gateway.context import GatewayContext
from shared.web import idempotency

_MAX_ROUNDS = 100


async def purge_answers(context: GatewayContext) -> int:
    """Remove expired answers, a bounded number at a time; how many went."""
    removed = 0
    for _ in range(_MAX_ROUNDS):
        async with context.database.transaction() as connection:
            gone = await idempotency.purge(connection, now=context.clock.now())
        removed += gone
        if gone == 0:
            break
    return removed
