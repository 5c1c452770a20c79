"""The platform's own gauges: names from the code, never data of persons."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.breaks import BreakKind
from platform_gateway.domain.case import Case
from platform_gateway.domain.screened import Screened, outcome_of
from platform_gateway.domain.states import CaseState
from platform_gateway.repository import breaks, cases, deadlines, figures, reporting_sides, statistics
from shared.clock import local_date
from shared.contracts.events.figures import FiguresSide
from shared.time_limits import ClockKind

CASES = Gauge("transfer_cases", "Cases that are not finished, by state of the relation", ("state",))
OVERDUE = Gauge("transfer_deadlines_overdue", "Running clocks past their last day", ("clock",))
DUE_SOON = Gauge("transfer_deadlines_due_soon", "Running clocks with 80 % of their time gone, not yet late", ("clock",))
CHECKING_OLDEST = Gauge("transfer_checking_oldest_seconds", "Age of the oldest case that a side has not answered")
STATISTICS_WAITING = Gauge("transfer_statistics_waiting", "Changes of cases that the statistics do not hold yet")
INVARIANT_BREAKS = Gauge(
    "transfer_invariant_breaks",
    "Disagreements of sheets, cases and money that stand, by kind and side",
    ("kind", "side"),
)
FIGURES_IN_TRANSIT = Gauge("transfer_figures_in_transit", "Reported cases that wait for what is on its way")
FIGURES_IN_TRANSIT_OLDEST = Gauge("transfer_figures_in_transit_oldest_seconds", "Age of the oldest of them")
FIGURES_DAYS_BEHIND = Gauge(
    "transfer_figures_days_behind",
    "Days since the longest silent side's last whole report, or since its first case where it never made one",
)

VERDICTS = Counter(
    "transfer_verdicts_total",
    "Answers to applications: accepted, refused, checking (each round that decided nothing), not_needed, not_taken",
    ("outcome",),
)
REASONS_TOLD = Counter("transfer_reasons_total", "Reasons told to applicants, by outcome and code", ("outcome", "code"))


def count_verdicts(cases: Iterable[Case]) -> None:
    """Count what a round of questions has decided about cases."""
    for case in cases:
        outcome = str((case.decision or {}).get("outcome", case.state.value))
        _count(outcome, [reason["code"] for reason in case.reasons])


def count_without_case(screened: Iterable[Screened]) -> None:
    """Count applications that no case arose from."""
    for one in screened:
        if one.case is None:
            _count(outcome_of(one).value, [reason.code for reason in one.reasons])


def _count(outcome: str, codes: Iterable[str]) -> None:
    VERDICTS.labels(outcome).inc()
    for code in set(codes):
        REASONS_TOLD.labels(outcome, code).inc()


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
    due_soon, overdue = await deadlines.count_late(connection, local_date(now))
    for kind in ClockKind:
        DUE_SOON.labels(kind.value).set(due_soon.get(kind.value, 0))
        OVERDUE.labels(kind.value).set(overdue.get(kind.value, 0))
    oldest = await cases.oldest_checking(connection)
    CHECKING_OLDEST.set((now - oldest).total_seconds() if oldest else 0)
    STATISTICS_WAITING.set(await statistics.count_marked(connection))
    await _measure_agreement(connection, now)


async def _measure_agreement(connection: AsyncConnection, now: datetime) -> None:
    found = await breaks.count_open(connection)
    for kind in BreakKind:
        for side in FiguresSide:
            INVARIANT_BREAKS.labels(kind.value, side.value).set(found.get((kind.value, side.value), 0))
    count, oldest = await figures.in_transit(connection)
    FIGURES_IN_TRANSIT.set(count)
    FIGURES_IN_TRANSIT_OLDEST.set((now - oldest).total_seconds() if oldest else 0)
    silent_since = await reporting_sides.longest_silent(connection)
    FIGURES_DAYS_BEHIND.set((local_date(now) - silent_since).days if silent_since else 0)
