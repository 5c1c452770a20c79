"""The platform's own gauges: names from the code, never data of persons."""

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.deadlines import ClockKind
from platform_gateway.domain.states import CaseState
from platform_gateway.repository import cases, deadlines, statistics
from shared.clock import local_date

CASES = Gauge("transfer_cases", "Cases that are not finished, by state of the relation", ("state",))
OVERDUE = Gauge("transfer_deadlines_overdue", "Running clocks past their last day", ("clock",))
CHECKING_OLDEST = Gauge("transfer_checking_oldest_seconds", "Age of the oldest case that a side has not answered")
STATISTICS_WAITING = Gauge("transfer_statistics_waiting", "Changes of cases that the statistics do not hold yet")


async def measure(context: GatewayContext) -> bool:
    """Set the gauges to what the database holds; a loop's action that never asks to be done again at once."""
    async with context.database.connection() as connection:
        await _measure(context, connection)
    return False


async def _measure(context: GatewayContext, connection: AsyncConnection) -> None:
    now = context.clock.now()
    counted = await cases.count_unfinished(connection)
    for state in CaseState:
        CASES.labels(state.value).set(counted.get(state.value, 0))
    overdue = await deadlines.count_overdue(connection, local_date(now))
    for kind in ClockKind:
        OVERDUE.labels(kind.value).set(overdue.get(kind.value, 0))
    oldest = await cases.oldest_checking(connection)
    CHECKING_OLDEST.set((now - oldest).total_seconds() if oldest else 0)
    STATISTICS_WAITING.set(await statistics.count_marked(connection))
