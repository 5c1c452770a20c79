"""What the ledger counts."""

from prometheus_client import Counter, Gauge

from ledger.repository import alerts, balance_checks, outcomes
from shared.database import Database

STATEMENTS = Counter(
    "ledger_statements_total", "Statement files by outcome: accepted, or the refusal's code", ["outcome"]
)
SUSPENSE = Gauge("ledger_suspense_items", "Open suspense items", ["kind", "reason"])
ALERTS = Gauge("ledger_open_alerts", "What somebody has to look at, by kind", ["kind"])
BALANCE_BREAKS = Gauge("ledger_balance_breaks", "Days on which an account's turnover differs from its postings")


async def measure_open_work(database: Database) -> None:
    """Set the gauges of what waits, and of what somebody has to look at."""
    async with database.connection() as connection:
        totals = await outcomes.open_suspense_totals(connection)
        open_alerts = await alerts.open_totals(connection)
        BALANCE_BREAKS.set(await balance_checks.count_breaks(connection))
    SUSPENSE.clear()
    for kind, reason, count in totals:
        SUSPENSE.labels(kind, reason).set(count)
    ALERTS.clear()
    for kind, count in open_alerts:
        ALERTS.labels(kind).set(count)
