"""Scenarios from application to 办结: everybody's work up to the banks, the day at the banks, and what came out."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from demo.banks.movement import Payment
from demo.banks.settling import Banks
from demo.case_run import CaseRun
from demo.errors import DemoError
from demo.steps.application import ACCEPTED, apply
from demo.steps.checking import check, read_suspense
from demo.steps.inbound import COMPLETED, work_inbound
from demo.steps.outbound import work_outbound
from demo.steps.payment import pay, pay_ahead
from demo.steps.withdrawal import read_outbound_person, withdraw_and_compare
from demo.world import World

T = TypeVar("T")

_MAX_SHEET_VERSIONS = 3


async def run_courses(world: World, runs: Sequence[CaseRun], banks: Banks) -> None:
    """All scenarios at once; what fails or comes out otherwise stands in each run's ``deviations``."""
    payments = await asyncio.gather(*(_guarded(run, partial(work, world, run, banks)) for run in runs))
    await banks.settle(world, [payment for payment in payments if payment is not None])
    await asyncio.gather(*(_conclude(world, run) for run in runs))


async def work(world: World, run: CaseRun, banks: Banks) -> Payment | None:
    """One scenario up to the released payment, which is given; ``None`` where no money travels."""
    course = run.scenario.course
    if course.is_withdrawn:
        run.person_before = await read_outbound_person(world, run)
    await apply(world, run)
    if run.outcome != ACCEPTED:
        return None
    if course.is_withdrawn:
        await withdraw_and_compare(world, run)
        return None
    if course.money_arrives_first:
        run.step("款项先到，转入地银行对账单先入账")
        await banks.arrive(world, pay_ahead(run))
        run.suspense_before_sheet = await read_suspense(world, run)
    for version in range(1, _MAX_SHEET_VERSIONS + 1):
        await work_outbound(world, run, version=version)
        if await work_inbound(world, run, version=version) == COMPLETED:
            return await pay(world, run)
    raise DemoError(f"信息表第 {_MAX_SHEET_VERSIONS} 版仍被退回")


async def _conclude(world: World, run: CaseRun) -> None:
    await _guarded(run, partial(check, world, run))
    run.step("与预期不符" if run.deviations else "与预期相符")


async def _guarded(run: CaseRun, step: Callable[[], Awaitable[T]]) -> T | None:
    """One scenario's failure is its deviation; the others go on."""
    if run.deviations:
        return None
    try:
        return await step()
    except DemoError as error:
        run.deviations.append(f"“{run.doing}”未完成：{error}")
        return None
