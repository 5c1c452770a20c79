"""The day's cases: money that comes in for some, payments that go out for others."""

import asyncio
from collections.abc import Sequence
from random import Random

from demo.case_run import CaseRun
from demo.errors import DemoError
from demo.feeding import feed
from demo.generator import generate
from demo.scenario import Channel, Scenario, load_scenarios
from demo.services import LEDGER, Call, Json, until
from demo.steps.application import ACCEPTED, apply
from demo.steps.inbound import work_inbound
from demo.steps.outbound import work_outbound
from demo.world import World

AGENCY, OTHER = "370100", "370200"
INCOMING = 4
_OUTGOING = 2
_MODEL = "b"
_LETTERS = 900_000
"""People are numbered with six digits; the seconds of the clock keep two days on one stack apart."""


async def carry_to_finance(world: World) -> Sequence[CaseRun]:
    """Cases into and out of ``AGENCY`` until its ledger expects or owes their money; gives those that come in.

    Every call makes other people. Raises ``DemoError``.
    """
    incoming, outgoing = _scenarios(world)
    scenarios = (*incoming, *outgoing)
    run_id = f"finance-day-{scenarios[0].letter}"
    await feed(world, scenarios, run_id=run_id)
    runs = [CaseRun(scenario, run_id) for scenario in scenarios]
    await asyncio.gather(*(_carry(world, run) for run in runs))
    return runs[:INCOMING]


def _scenarios(world: World) -> tuple[tuple[Scenario, ...], tuple[Scenario, ...]]:
    [model] = [each for each in load_scenarios(world.today) if each.letter == _MODEL]
    number = int(world.clock.now().timestamp()) % _LETTERS
    made = generate([model], INCOMING + _OUTGOING, Random(number), counties=world.counties, first=number)
    return made[:INCOMING], tuple(_the_other_way(each) for each in made[INCOMING:])


def _the_other_way(scenario: Scenario) -> Scenario:
    areas = {"trafout_admdvs": AGENCY, "trafin_admdvs": OTHER, "channel": Channel.INBOUND_WINDOW}
    return scenario.model_copy(update={"application": scenario.application.model_copy(update=areas)})


async def _carry(world: World, run: CaseRun) -> None:
    await apply(world, run)
    if run.outcome != ACCEPTED:
        raise DemoError(f"申请没有受理：{run.answer.get('reasons')}")
    await work_outbound(world, run)
    await work_inbound(world, run)
    run.transfer = await _obligation(world, run)


async def _obligation(world: World, run: CaseRun) -> Json:
    """What the agency's ledger expects or owes for the case, once it does."""
    token = world.callers.agency("clerk", AGENCY)
    call = Call(token, LEDGER, "GET", "/obligations", params={"rlts_traf_id": run.rlts_traf_id})
    found = await until(
        lambda: world.services.json(call),
        lambda shown: bool(shown["items"]),
        what=f"{AGENCY} 账簿收到应收应付",
        within_seconds=world.within_seconds,
    )
    obligation: Json = found["items"][0]
    return obligation
