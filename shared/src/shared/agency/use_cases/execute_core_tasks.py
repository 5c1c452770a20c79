"""Carry out open core tasks where our own record tables are the core (mode ``embedded``)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from shared.agency.core import CoreAnswer, CoreTask, OnCoreResults, Outcome, TaskKind
from shared.agency.overlay import Holds
from shared.agency.repository.core_tasks import has_open_tasks, lock_next
from shared.agency.repository.persons import PersonKey, lock_holds
from shared.agency.use_cases.record_core_answers import record_core_answers
from shared.clock import Clock
from shared.database import Database
from shared.law import design

_TAKES_MONEY_OUT = (TaskKind.DEBIT_ACCOUNT, TaskKind.REVERSE_ENTRY)


@design("what the core does is done when it says so")
async def execute_core_tasks(
    database: Database, agencies: Collection[str], *, clock: Clock, on_results: OnCoreResults, limit: int = 200
) -> int:
    """Carry out up to ``limit`` tasks of ``agencies`` in one transaction; how many there were.

    One task per case at a time, the earliest first. What follows (``on_results``) commits with the answers.
    """
    async with database.connection() as connection:
        if not await has_open_tasks(connection, agencies):
            return 0
    async with database.transaction() as connection:
        tasks = await lock_next(connection, agencies, limit=limit)
        if not tasks:
            return 0
        keys = sorted({(task.admdvs, task.psn_no) for task in tasks})
        people = await lock_holds(connection, keys)
        answers = _answer_all(tasks, people, clock.now())
        await record_core_answers(connection, tasks, answers, on_results=on_results, now=clock.now())
        return len(tasks)


def _answer_all(
    tasks: Sequence[CoreTask], people: Mapping[PersonKey, tuple[int | None, Holds]], now: datetime
) -> list[CoreAnswer]:
    balances = {key: holds.balance(balc) for key, (balc, holds) in people.items()}
    answers = []
    for task in tasks:
        key = (task.admdvs, task.psn_no)
        if key not in people:
            answers.append(CoreAnswer(task.task_id, Outcome.FAILED, now, reason="本地无此参保人员"))
            continue
        answer = _answer(task, balances[key], now)
        balances[key] = answer.balc
        answers.append(answer)
    return answers


def _answer(task: CoreTask, balc: int | None, now: datetime) -> CoreAnswer:
    after = _balance_after(task, balc)
    if after is not None and after < 0:
        return CoreAnswer(task.task_id, Outcome.FAILED, now, balc=balc, reason="个人账户余额不足")
    return CoreAnswer(task.task_id, Outcome.DONE, now, core_ref=f"E{task.position:010d}", balc=after)


def _balance_after(task: CoreTask, balc: int | None) -> int | None:
    amount = task.amount or 0
    if task.kind in _TAKES_MONEY_OUT:
        return (balc or 0) - amount
    if task.kind is TaskKind.CREDIT_ACCOUNT:
        return (balc or 0) + amount
    # A freeze always fixes an amount; without an account that is nothing.
    return balc or 0 if task.kind is TaskKind.FREEZE_ACCOUNT else balc
