"""Core tasks carried out by our own record tables, and what they leave over imported facts."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.agency.core import CoreResult, NewTask, Outcome, TaskKind
from shared.agency.known_person import KnownPerson, PersonQuery
from shared.agency.repository.core_tasks import open_tasks, pending_tasks
from shared.agency.repository.facts import load_facts
from shared.agency.use_cases.execute_core_tasks import execute_core_tasks
from shared.agency.use_cases.keep_persons import keep_persons
from shared.contracts.codes import PsnInsuStas
from shared.database import Database
from tests.clocks import SOME_MORNING, AdvancingClock
from tests.people import LI_LEI, person_record, relation

AREA = "370100"


class Noted:
    """Keeps what the service is told."""

    def __init__(self) -> None:
        self.results: list[CoreResult] = []

    async def __call__(self, _connection: Any, results: Any) -> None:
        self.results.extend(results)


def task(kind: TaskKind, step: str = "1", **changes: Any) -> NewTask:
    fields: dict[str, Any] = {"psn_no": "P1", "psn_insu_rlts_id": "R1", "effective_date": date(2026, 3, 2)} | changes
    return NewTask(kind, AREA, "CASE0001", step, **fields)


async def push(database: Database, **changes: Any) -> None:
    async with database.transaction() as connection:
        await keep_persons(connection, AREA, [person_record(**changes)], now=SOME_MORNING)


async def ask(database: Database, clock: AdvancingClock, *tasks: NewTask) -> list[CoreResult]:
    """Open tasks and let them be carried out until nothing is left."""
    async with database.transaction() as connection:
        await open_tasks(connection, tasks, now=clock.now())
    noted = Noted()
    for _ in range(10):
        if not await execute_core_tasks(database, [AREA], clock=clock, on_results=noted):
            break
    return noted.results


async def facts(database: Database) -> KnownPerson:
    async with database.connection() as connection:
        query = PersonQuery(AREA, "01", LI_LEI, "李雷")
        [looked] = await load_facts(connection, [query], paid_clct_flags={"1"})
    assert looked.person is not None
    return looked.person


async def conflicts(database: Database) -> list[str]:
    async with database.connection() as connection:
        return list(await connection.scalars(text("SELECT code FROM record_conflict ORDER BY position")))


async def test_freeze_answers_the_balance_and_debit_reduces_it(database: Database, clock: AdvancingClock) -> None:
    await push(database)
    frozen, debited = await ask(
        database, clock, task(TaskKind.FREEZE_ACCOUNT), task(TaskKind.DEBIT_ACCOUNT, amount=123456)
    )
    assert (frozen.answer.outcome, frozen.answer.balc) == (Outcome.DONE, 123456)
    assert (debited.answer.outcome, debited.answer.balc) == (Outcome.DONE, 0)


async def test_steps_of_one_case_run_in_their_order(database: Database, clock: AdvancingClock) -> None:
    await push(database)
    steps = [task(TaskKind.SUSPEND_RELATION), task(TaskKind.RESUME_RELATION), task(TaskKind.SUSPEND_RELATION, "2")]
    results = await ask(database, clock, *steps)
    assert [(each.task.kind, each.task.step) for each in results] == [(each.kind, each.step) for each in steps]
    assert (await facts(database)).relations[0].psn_insu_stas == PsnInsuStas.SUSPENDED


async def test_the_same_step_is_opened_once(database: Database, clock: AdvancingClock) -> None:
    await push(database)
    await ask(database, clock, task(TaskKind.CREDIT_ACCOUNT, amount=100))
    assert await ask(database, clock, task(TaskKind.CREDIT_ACCOUNT, amount=100)) == []
    assert (await facts(database)).balc == 123556


async def test_debit_over_the_balance_fails_and_moves_nothing(database: Database, clock: AdvancingClock) -> None:
    await push(database)
    [result] = await ask(database, clock, task(TaskKind.DEBIT_ACCOUNT, amount=123457))
    assert result.answer.outcome is Outcome.FAILED
    assert (await facts(database)).balc == 123456


async def test_task_for_an_unknown_person_fails(database: Database, clock: AdvancingClock) -> None:
    [result] = await ask(database, clock, task(TaskKind.SUSPEND_RELATION))
    assert (result.answer.outcome, result.answer.reason) == (Outcome.FAILED, "本地无此参保人员")


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (TaskKind.SUSPEND_RELATION, {"relations": [relation()]}, "held-relation-pushed-active"),
        (TaskKind.TERMINATE_RELATION, {"relations": [relation()]}, "ended-relation-pushed-live"),
        (TaskKind.FREEZE_ACCOUNT, {"account": {"balc": "9.00"}}, "frozen-balance-pushed-different"),
    ],
)
async def test_hold_survives_a_push_and_the_conflict_is_noted(
    database: Database, clock: AdvancingClock, kind: TaskKind, changes: dict[str, Any], code: str
) -> None:
    await push(database)
    await ask(database, clock, task(kind, trafin_admdvs="110000"))
    before = await facts(database)
    later = (clock.now() + timedelta(days=1)).isoformat()
    await push(database, updt_time=later, rid="2", **changes)
    after = await facts(database)
    assert (after.relations, after.balc) == (before.relations, before.balc)
    assert await conflicts(database) == [code]


async def test_end_names_the_area_it_went_to(database: Database, clock: AdvancingClock) -> None:
    await push(database)
    await ask(database, clock, task(TaskKind.TERMINATE_RELATION, trafin_admdvs="110000"))
    [ended] = (await facts(database)).relations
    assert ended.psn_insu_stas == PsnInsuStas.TERMINATED
    assert ended.transferred_away is not None
    assert (ended.transferred_away.trafin_admdvs, ended.transferred_away.rlts_traf_id) == ("110000", "CASE0001")


async def test_a_record_newer_than_a_movement_already_contains_it(database: Database, clock: AdvancingClock) -> None:
    await push(database)
    await ask(database, clock, task(TaskKind.CREDIT_ACCOUNT, amount=100))
    later = (clock.now() + timedelta(days=1)).isoformat()
    await push(database, updt_time=later, account={"balc": "1235.56"})
    assert (await facts(database)).balc == 123556


async def test_nothing_is_pending_once_all_is_done(database: Database, clock: AdvancingClock) -> None:
    await push(database)
    async with database.transaction() as connection:
        await open_tasks(connection, [task(TaskKind.ALLOW_BACK_PAYMENT)], now=clock.now())
        assert len(await pending_tasks(connection, AREA, after=0, limit=10)) == 1
    await ask(database, clock)
    async with database.connection() as connection:
        assert await pending_tasks(connection, AREA, after=0, limit=10) == []
