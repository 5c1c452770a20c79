"""The transfers that are measured: the demo's scenarios that go through to the end, with other people."""

from collections.abc import Mapping
from random import Random

from bench.plan import Mode
from demo.generator import generate
from demo.scenario import Channel, Course, Scenario, load_scenarios
from demo.world import World


def workload(world: World, mode: Mode, count: int, random: Random, *, first: int = 0) -> tuple[Scenario, ...]:
    """``count`` transfers numbered from ``first``; in bulk each area's window applies for its people."""
    models = [each for each in load_scenarios(world.today) if _goes_through(each)]
    made = generate(models, count, random, counties=world.counties, first=first)
    return tuple(_by_window(each) for each in made) if mode is Mode.BULK else made


def without_namesakes(scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Each certificate number once: among thousands of invented people two may get the same one."""
    by_number: Mapping[str, Scenario] = {each.person.certno: each for each in scenarios}
    return tuple(by_number.values())


def _goes_through(scenario: Scenario) -> bool:
    is_plain = scenario.course == Course() and scenario.application.simultaneous_clients == 1
    return is_plain and scenario.expect.is_closed is True


def _by_window(scenario: Scenario) -> Scenario:
    wish = scenario.application.model_copy(update={"channel": Channel.INBOUND_WINDOW})
    return scenario.model_copy(update={"application": wish})
