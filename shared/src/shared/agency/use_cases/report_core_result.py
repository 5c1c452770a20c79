"""Take in what an agency's own core system says came of a task (mode ``external``)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.core import CoreAnswer, CoreTask, OnCoreResults, Outcome, TaskKind, TaskState
from shared.agency.repository.core_tasks import last_answers, lock_tasks, reopen_task
from shared.agency.use_cases.record_core_answers import record_core_answers
from shared.clock import local_date
from shared.errors import Conflict, FieldError, InvalidInput, NotFound

_CLOCK_SKEW = timedelta(hours=1)
_EARLIEST_BEFORE = timedelta(days=3650)


class TaskNotFound(NotFound):
    """The agency has no such task."""

    code = "core-task-not-found"


class TaskAlreadyAnswered(Conflict):
    """The task has a final answer, and it is another one."""

    code = "core-task-already-answered"


class TaskNotFailed(Conflict):
    """Only a failed task is given out again."""

    code = "core-task-not-failed"


async def report_core_result(
    connection: AsyncConnection, admdvs: str, answer: CoreAnswer, *, on_results: OnCoreResults, now: datetime
) -> CoreTask:
    """Record the answer and let the service go on; the same answer again changes nothing.

    Raises ``TaskNotFound``, ``TaskAlreadyAnswered`` (a different second final answer), or ``InvalidInput``.
    """
    found = await lock_tasks(connection, [answer.task_id], [admdvs])
    if not found:
        raise TaskNotFound("没有这项核心系统任务。")
    [task] = found
    _require_complete(task, answer, now)
    if task.state is not TaskState.OPEN:
        held = (await last_answers(connection, [answer.task_id]))[answer.task_id]
        if held == answer:
            return task
        if task.state is not TaskState.UNKNOWN:
            raise TaskAlreadyAnswered("该任务已有不同的最终结果。")
    await record_core_answers(connection, [task], [answer], on_results=on_results, now=now)
    return task


async def reopen_failed_task(connection: AsyncConnection, admdvs: str, task_id: UUID) -> None:
    """Give a failed task out once more, after a clerk has seen why; raises ``TaskNotFound``, ``TaskNotFailed``."""
    if not await lock_tasks(connection, [task_id], [admdvs]):
        raise TaskNotFound("没有这项核心系统任务。")
    if not await reopen_task(connection, task_id, admdvs):
        raise TaskNotFailed("只有失败的任务可以重新下发。")


def _require_complete(task: CoreTask, answer: CoreAnswer, now: datetime) -> None:
    errors = []
    if not now - _EARLIEST_BEFORE <= answer.at <= now + _CLOCK_SKEW:
        errors.append(FieldError("/at", "time-implausible", "办理时间不合理"))
    if task.kind is TaskKind.FREEZE_ACCOUNT and answer.outcome is Outcome.DONE and answer.balc is None:
        errors.append(FieldError("/balc", "missing", "冻结账户须回报冻结时的余额"))
    if answer.outcome is Outcome.FAILED and answer.reason is None:
        errors.append(FieldError("/reason", "missing", "失败须说明原因"))
    errors += _back_payment_problems(task, answer)
    if errors:
        raise InvalidInput("任务结果不完整。", errors=errors)


def _back_payment_problems(task: CoreTask, answer: CoreAnswer) -> list[FieldError]:
    told = answer.back_payment
    if told is None:
        return []
    if task.kind is not TaskKind.ALLOW_BACK_PAYMENT or answer.outcome is not Outcome.DONE:
        return [FieldError("/back_payment", "not-with-this-task", "只有办结补缴任务时才能回报补缴情况")]
    if told.paid_on > local_date(answer.at):
        return [FieldError("/back_payment/paid_on", "time-implausible", "补缴日期晚于办理时间")]
    return []
