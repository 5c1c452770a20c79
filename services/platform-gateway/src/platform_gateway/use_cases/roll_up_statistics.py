"""Count what changed since the last look, in batches; marks and sums change together or not at all."""

from platform_gateway.context import GatewayContext
from platform_gateway.repository import roll_up, transit_roll_up


async def roll_up_statistics(context: GatewayContext) -> int:
    """Count one batch of changed cases anew; how many marks it took (0 also while somebody else counts)."""
    async with context.database.transaction() as connection:
        if not await roll_up.is_mine(connection):
            return 0
        marked = await roll_up.take_marked(connection, context.settings.statistics_batch)
        if marked:
            await roll_up.count(connection, marked)
            await transit_roll_up.count(connection, marked)
    return len(marked)
