"""Fifty cases in the demo's mix, started a few at a time and carried on by clients that do not give up."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from demo.banks.settling import Banks
from demo.case_run import CaseRun
from demo.course import work
from demo.errors import DemoError
from demo.feeding import feed
from demo.generator import generate
from demo.scenario import Scenario, load_scenarios
from demo.steps.checking import check
from demo.world import World

RUN_ID = "faults"
_ALL_THE_WAY = "credited"
_CHECKS_AT_ONCE = 8


@dataclass
class Traffic:
    """The cases of one run. ``runs`` are those that were started, ``banks`` tells what was paid."""

    world: World
    banks: Banks
    waiting: list[Sequence[Scenario]]
    spare: list[Scenario]
    runs: list[CaseRun] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def prepare(cls, world: World, random: Random, *, cases: int, groups: int) -> "Traffic":
        """Invent the people, push their records, and deal the cases into ``groups`` to be started one by one.

        As many again that go all the way stand by, for rounds that would otherwise have nothing to disturb.
        """
        mix = load_scenarios(world.today)
        carriers = [scenario for scenario in mix if scenario.expect.money == _ALL_THE_WAY]
        invented = generate(mix, cases, random, counties=world.counties)
        spare = generate(carriers, groups, random, counties=world.counties, first=cases)
        await feed(world, [*invented, *spare], run_id=RUN_ID)
        # An account's bank states every day once; so many payments need as many days.
        first_day = world.today - timedelta(days=2 * (cases + groups))
        banks = Banks(world.areas, first_day=first_day, last_day=world.today)
        return cls(world, banks, _dealt(invented, groups), list(spare))

    def start_group(self) -> None:
        """Start the next group."""
        for scenario in self.waiting.pop(0):
            self._start(scenario)

    def start_spare(self) -> None:
        """Start one more case that goes all the way, while there are any."""
        if self.spare:
            self._start(self.spare.pop())

    @property
    def under_way(self) -> int:
        """How many cases somebody still works on."""
        return sum(not task.done() for task in self._tasks)

    async def finish(self, *, within_seconds: float) -> None:
        """Wait until nobody has any more work with the cases."""
        async with asyncio.timeout(within_seconds):
            await asyncio.gather(*self._tasks)

    async def check(self) -> None:
        """Look every case up at the public APIs; what is not as expected stands in its ``deviations``."""
        limit = asyncio.Semaphore(_CHECKS_AT_ONCE)

        async def look(run: CaseRun) -> None:
            async with limit:
                try:
                    await check(self.world, run)
                except DemoError as error:
                    run.deviations.append(f"“{run.doing}”未完成：{error}")

        await asyncio.gather(*(look(run) for run in self.runs if not run.deviations))

    def stop(self) -> None:
        """End what still works, after a failure."""
        for task in self._tasks:
            task.cancel()

    def _start(self, scenario: Scenario) -> None:
        run = CaseRun(scenario, RUN_ID)
        self.runs.append(run)
        self._tasks.append(asyncio.create_task(self._carry_on(run), name=scenario.letter))

    async def _carry_on(self, run: CaseRun) -> None:
        try:
            payment = await work(self.world, run, self.banks)
            if payment is not None:
                await self.banks.settle(self.world, [payment])
        except DemoError as error:
            run.deviations.append(f"“{run.doing}”未完成：{error}")


def _dealt(scenarios: Sequence[Scenario], groups: int) -> list[Sequence[Scenario]]:
    """Dealt like cards, those that go all the way first, so that every group has some of them."""
    ordered = sorted(scenarios, key=lambda scenario: scenario.expect.money != _ALL_THE_WAY)
    return [ordered[first::groups] for first in range(groups)]
