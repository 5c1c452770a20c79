"""Core tasks for an agency's own core system."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Security

from shared.agency.api.context import AgencyContext, Context, served_agency
from shared.agency.api.schemas import FailedTask, TaskList, TaskResult, TaskShown
from shared.agency.repository.core_tasks import failed_tasks, last_answers, pending_tasks
from shared.agency.use_cases.report_core_result import reopen_failed_task, report_core_result
from shared.errors import Conflict
from shared.web.authentication import Principal, authenticated
from shared.web.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging, page_of
from shared.web.routing import Router

Worker = Annotated[Principal, Security(authenticated, scopes=["core:work"])]
Reader = Annotated[Principal, Security(authenticated, scopes=["cases:read"])]
Checker = Annotated[Principal, Security(authenticated, scopes=["cases:check"])]
After = Annotated[int, Query(ge=0, lt=2**63, description="上一页的 next_after")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]

router = Router(tags=["核心系统任务"])


class CoreIsEmbedded(Conflict):
    """This agency's tasks are carried out by this system itself."""

    code = "core-is-embedded"


@router.get("/core-tasks", summary="待核心系统办理的任务")
async def get_tasks(caller: Worker, context: Context, after: After = 0, limit: Limit = DEFAULT_LIMIT) -> TaskList:
    """Tasks without a final answer, in the order in which to carry them out."""
    admdvs = served_agency(caller, context)
    async with context.database.connection() as connection:
        tasks = await pending_tasks(connection, admdvs, after=after, limit=limit)
    next_after = tasks[-1].position if len(tasks) == limit else None
    return TaskList(items=[TaskShown.of(task) for task in tasks], next_after=next_after)


@router.post("/core-tasks/{task_id}/result", summary="回报一项任务的结果", status_code=204)
async def post_result(caller: Worker, context: Context, task_id: UUID, result: TaskResult) -> None:
    """Idempotent: the same result again changes nothing, a different final one is 409."""
    admdvs = _external_agency(caller, context)
    now = context.clock.now()
    async with context.database.transaction() as connection:
        await report_core_result(
            connection, admdvs, result.answer(task_id), on_results=context.on_core_results, now=now
        )


@router.get("/core-tasks/failed", summary="办理失败的核心系统任务")
async def get_failed_tasks(caller: Reader, context: Context, paging: Paging) -> Page[FailedTask]:
    """What a clerk has to look at: the case stands still until the task is given out again and done."""
    admdvs = served_agency(caller, context)
    [after] = paging.after(int) or (0,)
    async with context.database.connection() as connection:
        tasks = await failed_tasks(connection, admdvs, after=int(after), limit=paging.limit + 1)
        answers = await last_answers(connection, [task.task_id for task in tasks])
    return page_of(
        tasks,
        paging.limit,
        lambda task: (task.position,),
        lambda task: FailedTask.because(task, answers[task.task_id].reason),
    )


@router.post("/core-tasks/{task_id}/reopening", summary="重新下发失败的任务", status_code=204)
async def post_reopening(caller: Checker, context: Context, task_id: UUID) -> None:
    """A failed task is given out again; its earlier answers stay."""
    admdvs = served_agency(caller, context)
    async with context.database.transaction() as connection:
        await reopen_failed_task(connection, admdvs, task_id)


def _external_agency(caller: Principal, context: AgencyContext) -> str:
    admdvs = served_agency(caller, context)
    if context.settings.is_core_embedded(admdvs):
        raise CoreIsEmbedded("该统筹区的核心任务由本系统自动办理，不接受外部结果。")
    return admdvs
