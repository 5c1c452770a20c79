"""One mode measured on a stack of its own: real Kafka, real PostgreSQL, the four services."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import httpx

from bench.applying import apply_in_bulk, apply_singly
from bench.banking import keep_settling, open_banks
from bench.closing import Closed, wait_until_closed
from bench.counters import Counts, read_counts
from bench.desks import Desk
from bench.floor import Floor, run_floor
from bench.ground import Ground
from bench.plan import Mode, Plan
from bench.processes import Usage, watched
from bench.workload import without_namesakes, workload
from demo.banks.settling import Banks
from demo.callers import Callers
from demo.feeding import feed
from demo.scenario import Scenario
from demo.services import Services
from demo.world import World
from stack.clean import start_afresh
from stack.local_stack import LocalStack
from stack.options import Options, module_command

_CALL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Carried:
    """What one mode came to. ``fed_records`` were imported before, in ``feeding_seconds``; ``seconds`` run from the
    first application until the last 办结; ``applying_seconds`` until the last answer to an application.
    """

    mode: Mode
    closed: Sequence[Closed]
    not_accepted: Sequence[str]
    answer_seconds: Sequence[float]
    fed_records: int
    feeding_seconds: float
    applying_seconds: float
    seconds: float
    counts: Counts
    usage: Usage

    @property
    def per_second(self) -> float:
        """Transfers a second from application to closed."""
        return len(self.closed) / self.seconds


@dataclass(frozen=True, slots=True)
class Measurement(Carried):
    """What one mode came to, and what the floor took for the same."""

    floor: Floor

    @property
    def floor_per_second(self) -> float:
        """What the floor would do of the same."""
        return len(self.closed) / self.floor.seconds


async def measure(plan: Plan, mode: Mode, say: Callable[[str], None]) -> Measurement:
    """Run ``mode`` on a fresh stack; raises ``DemoError`` or ``StackError`` when it cannot be carried through."""
    options = _options(plan, mode)
    start_afresh(options.state)
    async with LocalStack(options) as stack:
        carried = await carry(stack, plan, mode, say)
        say("全部办结，测量下限……")
        await asyncio.gather(*(stack.stop(name) for name in stack.processes))
        floor = await run_floor(stack.postgres.admin_url, stack.broker.bootstrap, carried.counts)
    return Measurement(**{each.name: getattr(carried, each.name) for each in fields(carried)}, floor=floor)


async def carry(stack: LocalStack, plan: Plan, mode: Mode, say: Callable[[str], None]) -> Carried:
    """Run ``mode`` on ``stack``, where nothing has moved yet; raises ``DemoError``."""
    async with httpx.AsyncClient(timeout=_CALL_SECONDS, trust_env=False) as http:
        world = World(Services(stack.urls, http), Callers(stack.tokens), {area.admdvs: area for area in stack.areas})
        scenarios = _scenarios(plan, mode, world)
        began = time.monotonic()
        fed = await feed(world, scenarios, run_id=mode)
        feeding_seconds = time.monotonic() - began
        say(f"已导入 {fed} 条参保记录（{feeding_seconds:.1f} 秒），开始 {len(scenarios)} 件")
        run = _Run(plan, mode, world)
        banks = open_banks(run.new_ground(0))
        await run.carry_through(scenarios[: plan.warm_up], banks)
        before = await read_counts(stack)
        async with watched(stack) as usage:
            ground, closed, applying_seconds = await run.carry_through(scenarios[plan.warm_up :], banks)
        counts = (await read_counts(stack)).since(before)
    first, last = min(each.applied_at for each in closed), max(each.closed_at for each in closed)
    return Carried(
        mode=mode,
        closed=closed,
        not_accepted=ground.not_accepted,
        answer_seconds=ground.answer_seconds,
        fed_records=fed,
        feeding_seconds=feeding_seconds,
        applying_seconds=applying_seconds,
        seconds=(last - first).total_seconds(),
        counts=counts,
        usage=usage,
    )


class _Run:
    """Carries transfers through from application to 办结."""

    def __init__(self, plan: Plan, mode: Mode, world: World) -> None:
        self._plan, self._mode, self._world = plan, mode, world
        self._grounds = 0

    def new_ground(self, number: int) -> Ground:
        """The ground of the run's part ``number``."""
        gate = asyncio.Semaphore(self._plan.clients)
        return Ground(self._world, f"{self._mode}-{number}", gate, self._plan.batch)

    async def carry_through(self, scenarios: Sequence[Scenario], banks: Banks) -> tuple[Ground, list[Closed], float]:
        """Apply, work, pay and settle until all is closed; how long the applications alone took, in seconds."""
        self._grounds += 1
        ground = self.new_ground(self._grounds)
        apply = apply_in_bulk if self._mode is Mode.BULK else apply_singly
        began = time.monotonic()
        async with _together(ground, [*self._desks(ground), keep_settling(ground, banks)]):
            await apply(ground, scenarios)
            applying_seconds = time.monotonic() - began
            closed = await wait_until_closed(ground, within_seconds=self._plan.within_seconds)
        return ground, closed, applying_seconds

    def _desks(self, ground: Ground) -> list[Coroutine[Any, Any, None]]:
        return [Desk(ground, admdvs, self._mode).work() for admdvs in ground.agencies]


@asynccontextmanager
async def _together(ground: Ground, others: Sequence[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Let ``others`` work until the block ends; the first failure of anybody ends all and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for other in others:
                group.create_task(other)
            yield
            ground.is_over.set()
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed


def _scenarios(plan: Plan, mode: Mode, world: World) -> tuple[Scenario, ...]:
    count = plan.cases[mode] + plan.warm_up
    return without_namesakes(workload(world, mode, count, Random(plan.seed)))


def _options(plan: Plan, mode: Mode) -> Options:
    def command(package: str) -> Sequence[str]:
        if package != plan.profiled:
            return module_command(package)
        output = str(plan.state / f"{package}-{mode}.prof")
        return (sys.executable, "-m", "bench.profiled", output, package)

    state = plan.state / mode
    options = Options(state=state, kafka="real", is_split=plan.is_split, command=command)
    if mode is Mode.SINGLE:
        return options
    agencies = ",".join(LocalStack(options).agencies)
    automatic = {"outbound": {"AUTO_SEAL_AGENCIES": agencies}, "inbound": {"AUTO_ACCEPT_AGENCIES": agencies}}
    return Options(state=state, kafka="real", is_split=plan.is_split, command=command, env=automatic)
