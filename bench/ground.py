"""One run's ground: the running stack as its users see it, and what is known of its cases so far."""

import asyncio
from dataclasses import dataclass, field

from demo.banks.movement import Payment
from demo.scenario import Scenario
from demo.services import Call, Json
from demo.world import World


@dataclass(slots=True)
class Ground:
    """``gate`` bounds the calls at once. ``cases``: the scenario of each accepted case by its number.

    ``released``: payments that the banks have not carried out yet. ``answer_seconds``: how long each call that
    applied took. ``not_accepted``: what came of the others. ``is_over`` ends everybody's work.
    """

    world: World
    run_id: str
    gate: asyncio.Semaphore
    batch: int
    cases: dict[str, Scenario] = field(default_factory=dict)
    released: list[Payment] = field(default_factory=list)
    answer_seconds: list[float] = field(default_factory=list)
    not_accepted: list[str] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def agencies(self) -> list[str]:
        """The connected areas."""
        return [code for code, area in self.world.areas.items() if area.is_connected]

    async def call(self, call: Call) -> tuple[Json, str]:
        """One call through the gate: the answer's body and its ETag."""
        async with self.gate:
            response = await self.world.services.send(call)
        body: Json = response.json()
        return body, response.headers.get("ETag", "")

    def took(self, scenario: Scenario, answer: Json) -> None:
        """Remember what an application came to."""
        if answer["rlts_traf_id"] and answer["outcome"] in ("accepted", "checking"):
            self.cases[answer["rlts_traf_id"]] = scenario
        else:
            self.not_accepted.append(f"{scenario.letter}：{answer['outcome']} {answer.get('reasons')}")
