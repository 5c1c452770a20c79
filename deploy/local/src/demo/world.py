"""What every step needs: the services, who speaks, the clock, and how long to wait."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date

import httpx

from demo.callers import Callers
from demo.services import Services
from shared.clock import Clock, SystemClock, local_date
from stack.areas import SeedArea
from stack.tokens import Tokens


@dataclass(frozen=True, slots=True)
class World:
    """A running stack as its users see it. ``within_seconds`` bounds each wait for something to happen."""

    services: Services
    callers: Callers
    areas: Mapping[str, SeedArea]
    clock: Clock = field(default_factory=SystemClock)
    within_seconds: float = 60.0

    @property
    def today(self) -> date:
        """The date in Asia/Shanghai."""
        return local_date(self.clock.now())

    @property
    def counties(self) -> dict[str, str]:
        """A county of each pooling area."""
        return {code: area.counties[0] for code, area in self.areas.items() if area.counties}


@asynccontextmanager
async def connected(
    urls: Mapping[str, str],
    tokens: Tokens,
    areas: Sequence[SeedArea],
    *,
    patience_seconds: float = 30.0,
    within_seconds: float = 60.0,
) -> AsyncIterator[World]:
    """The world of the services at ``urls`` (package → base URL)."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        services = Services(urls, http, patience_seconds=patience_seconds)
        by_code = {area.admdvs: area for area in areas}
        yield World(services, Callers(tokens), by_code, within_seconds=within_seconds)
