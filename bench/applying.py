"""Applications, one call each or up to hundreds in a call."""

import asyncio
import time
from collections.abc import Sequence

from bench.ground import Ground
from demo.scenario import Scenario
from demo.services import PLATFORM, Call, Json
from demo.steps.application import application_of


async def apply_singly(ground: Ground, scenarios: Sequence[Scenario]) -> None:
    """Every application by its own call, by whom the scenario says."""
    await asyncio.gather(*(_apply(ground, scenario) for scenario in scenarios))


async def apply_in_bulk(ground: Ground, scenarios: Sequence[Scenario]) -> None:
    """Every area's window sends its people's applications, batch after batch."""
    by_area: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        by_area.setdefault(scenario.application.trafin_admdvs, []).append(scenario)
    await asyncio.gather(*(_apply_for_area(ground, waiting) for waiting in by_area.values()))


async def _apply(ground: Ground, scenario: Scenario) -> None:
    token, key = ground.world.callers.applicant(scenario), f"{ground.run_id}-{scenario.letter}"
    call = Call(token, PLATFORM, "POST", "/transfers", json=application_of(scenario), key=key)
    async with ground.gate:
        began = time.monotonic()
        answer = await ground.world.services.json(call)
        ground.answer_seconds.append(time.monotonic() - began)
    ground.took(scenario, answer)


async def _apply_for_area(ground: Ground, scenarios: Sequence[Scenario]) -> None:
    for first in range(0, len(scenarios), ground.batch):
        some = scenarios[first : first + ground.batch]
        key = f"{ground.run_id}-{some[0].letter}"
        items = [application_of(scenario) for scenario in some]
        token = ground.world.callers.applicant(some[0])
        began = time.monotonic()
        answer: Json = await ground.world.services.json(
            Call(token, PLATFORM, "POST", "/transfers/batch", json={"items": items}, key=key)
        )
        ground.answer_seconds.append(time.monotonic() - began)
        for scenario, each in zip(some, answer["items"], strict=True):
            ground.took(scenario, each)
