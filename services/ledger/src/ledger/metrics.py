"""What the ledger counts."""

from prometheus_client import Counter, Gauge

from ledger.repository import outcomes
from shared.database import Database

STATEMENTS = Counter(
    "ledger_statements_total", "Statement files by outcome: accepted, or the refusal's code", ["outcome"]
)
SUSPENSE = Gauge("ledger_suspense_items", "Open suspense items", ["kind", "reason"])


async def measure_suspense(database: Database) -> None:
    """Set the gauge of what waits."""
    async with database.connection() as connection:
        totals = await outcomes.open_suspense_totals(connection)
    SUSPENSE.clear()
    for kind, reason, count in totals:
        SUSPENSE.labels(kind, reason).set(count)
