"""What the worker does besides messages: the embedded core, sealing, the registry, counting, tidying up."""

from collections.abc import Callable, Sequence

from outbound import metrics
from outbound.office import Office
from outbound.repository.cases import count_states
from outbound.repository.figures import SOURCE
from outbound.repository.stage import STAGE
from outbound.use_cases.issue_addenda import AddendumSealing
from outbound.use_cases.issue_sheets import issue_sheets
from shared.agency.core import OnCoreResults
from shared.agency.repository.late_cases import count_late
from shared.agency.use_cases.count_due_dates import DueDates
from shared.agency.use_cases.execute_core_tasks import execute_core_tasks
from shared.agency.use_cases.warn_of_due_dates import warn_of_due_dates
from shared.figures.report_figures import report_figures
from shared.runtime.loops import Every, Loop
from shared.web.idempotency import purge

_WORK_SECONDS = 0.2
_GATHER_SECONDS = 0.1
_REGISTRY_SECONDS = 30.0
_COUNT_SECONDS = 10.0
_DUE_DATES_SECONDS = 10.0
_FIGURES_SECONDS = 60.0
_PURGE_SECONDS = 600.0
_PURGE_LIMIT = 5000


def loops(office: Office, nudge: Callable[[], None], on_core_results: OnCoreResults) -> Sequence[Loop]:
    """The loops of one worker; ``nudge`` tells the relay that something was committed."""

    async def core() -> int:
        done = await execute_core_tasks(
            office.database,
            office.settings.embedded_core_agencies,
            clock=office.clock,
            on_results=on_core_results,
            limit=office.settings.core_batch,
        )
        if done:
            nudge()
        return done

    addenda = AddendumSealing(office)

    async def seal() -> int:
        done = await issue_sheets(office) + await addenda.turn()
        if done:
            nudge()
        return done

    async def registry() -> bool:
        await office.registry_copy.refresh()
        return False

    due_dates = DueDates(office.database, STAGE)

    async def count_due_dates() -> bool:
        await due_dates.count(office.registry)
        return await warn_of_due_dates(office.database, STAGE, office.now())

    async def count() -> bool:
        async with office.database.connection() as connection:
            metrics.show_states(await count_states(connection))
            metrics.show_late(*await count_late(connection, STAGE, office.today()))
        return False

    async def figures() -> bool:
        return await report_figures(
            office.database, SOURCE, office.settings, signers=office.signers, clock=office.clock
        )

    async def tidy() -> bool:
        async with office.database.transaction() as connection:
            return await purge(connection, now=office.now(), limit=_PURGE_LIMIT) == _PURGE_LIMIT

    return (
        Every("core", _WORK_SECONDS, core, _GATHER_SECONDS, office.settings.core_batch),
        Every("seal", _WORK_SECONDS, seal, _GATHER_SECONDS, office.settings.seal_batch),
        Every("registry", _REGISTRY_SECONDS, registry),
        Every("due-dates", _DUE_DATES_SECONDS, count_due_dates),
        Every("case-counts", _COUNT_SECONDS, count),
        Every("figures", _FIGURES_SECONDS, figures),
        Every("idempotency-purge", _PURGE_SECONDS, tidy),
    )
