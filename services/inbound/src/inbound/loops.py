"""What the worker does besides messages: the embedded core, benefits becoming final, the registry, counts, tidying."""

from collections.abc import Sequence

from inbound import metrics
from inbound.context import InboundContext
from inbound.repository.figures import SOURCE
from inbound.repository.stage import STAGE
from inbound.use_cases.ask_cores import ask_cores
from inbound.use_cases.finish_benefits import finish_due
from shared.agency.use_cases.count_due_dates import DueDates
from shared.agency.use_cases.execute_core_tasks import execute_core_tasks
from shared.agency.use_cases.warn_of_due_dates import warn_of_due_dates
from shared.figures.report_figures import report_figures
from shared.runtime.loops import Every, Loop
from shared.web.idempotency import purge

_WORK_SECONDS = 0.2
_GATHER_SECONDS = 0.1
_BENEFITS_SECONDS = 2.0
_BENEFITS_LIMIT = 200
_ASK_LIMIT = 20
_REGISTRY_SECONDS = 30.0
_COUNT_SECONDS = 10.0
_DUE_DATES_SECONDS = 10.0
_FIGURES_SECONDS = 60.0
_PURGE_SECONDS = 600.0
_PURGE_LIMIT = 5000


def loops(context: InboundContext) -> Sequence[Loop]:
    """The service's own loops of one worker."""

    async def core() -> int:
        done = await execute_core_tasks(
            context.database,
            context.settings.embedded_core_agencies,
            clock=context.clock,
            on_results=context.on_core_results,
            limit=context.settings.core_batch,
        )
        if done:
            context.exchange.relay.nudge()
        return done

    async def benefits() -> bool:
        asked = await ask_cores(context.database, context.office, limit=_ASK_LIMIT)
        async with context.database.transaction() as connection:
            done = await finish_due(connection, context.office, limit=_BENEFITS_LIMIT)
        if done:
            context.exchange.relay.nudge()
        return done == _BENEFITS_LIMIT or asked == _ASK_LIMIT

    async def registry() -> bool:
        await context.office.registry.refresh()
        return False

    due_dates = DueDates(context.database, STAGE)

    async def count_due_dates() -> bool:
        await due_dates.count(context.office.registry.current)
        return await warn_of_due_dates(context.database, STAGE, context.clock.now())

    async def count() -> bool:
        return await metrics.measure(context.database, context.clock, context.settings.agencies)

    async def figures() -> bool:
        office = context.office
        return await report_figures(
            context.database, SOURCE, office.settings, signers=office.signers, clock=office.clock
        )

    async def tidy() -> bool:
        async with context.database.transaction() as connection:
            return await purge(connection, now=context.clock.now(), limit=_PURGE_LIMIT) == _PURGE_LIMIT

    return (
        Every("core", _WORK_SECONDS, core, _GATHER_SECONDS, context.settings.core_batch),
        Every("benefits", _BENEFITS_SECONDS, benefits),
        Every("registry", _REGISTRY_SECONDS, registry),
        Every("due-dates", _DUE_DATES_SECONDS, count_due_dates),
        Every("case-counts", _COUNT_SECONDS, count),
        Every("figures", _FIGURES_SECONDS, figures),
        Every("idempotency-purge", _PURGE_SECONDS, tidy),
    )
