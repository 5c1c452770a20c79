"""Have the core take back the periods that it imported of a sheet that does not count after all (*design*)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.office import Office
from inbound.repository.cases import save_cases
from inbound.repository.history import Happened, add_history
from shared.agency.core import CoreResult, NewTask, Outcome, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.clock import local_date
from shared.law import design

IMPORTED = "办件已终止或信息表已撤回，核心系统已导入的参保记录须撤回"


@design("an import that crossed the termination or the recall is taken back by the core")
async def undo_imports(
    connection: AsyncConnection, imported: Sequence[tuple[InboundCase, str]], office: Office
) -> None:
    """Open ``reverse_entry`` for the periods of each case's sheet version beside it."""
    now = office.clock.now()
    await open_tasks(connection, [_task(case, version, office) for case, version in imported], now=now)


async def confirm_undone(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], results: Sequence[CoreResult], office: Office
) -> None:
    """The core has taken the periods of these locked cases back, or says why not."""
    changed, steps = [], []
    for result in results:
        case, is_done = cases[result.task.rlts_traf_id], result.answer.outcome is Outcome.DONE
        after = replace(case, core_failure=None if is_done else result.answer.reason or IMPORTED)
        changed.append(after)
        what = "import_reversed" if is_done else "reversal_not_done"
        steps.append(Happened(after, what, case.state, reason=result.answer.reason))
    await save_cases(connection, changed)
    await add_history(connection, steps, now=office.clock.now())


def _task(case: InboundCase, version: str, office: Office) -> NewTask:
    return NewTask(
        kind=TaskKind.REVERSE_ENTRY,
        admdvs=case.trafin_admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=f"import-{version}",
        psn_no=case.trafin_psn_no or "",
        psn_insu_rlts_id=case.trafin_rlts_id,
        effective_date=local_date(office.clock.now()),
    )
