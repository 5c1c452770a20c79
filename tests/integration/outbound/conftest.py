"""The outbound service on a fresh database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from shared.database import Database
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.integration.outbound.desk import Desk, settings

StartDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def start_desk(new_database: NewDatabase, clock: AdvancingClock, tmp_path: Path) -> AsyncIterator[StartDesk]:
    """``await start_desk(auto_seal_agencies=..., person={...})``; the person is in the records already."""
    started: list[Desk] = []

    async def start(person: dict[str, Any] | None = None, **changes: Any) -> Desk:
        fresh = await new_database("outbound")
        desk = Desk(Database(fresh.app_url, pool_size=4), clock, settings(fresh.app_url, **changes), tmp_path)
        started.append(desk)
        await desk.start(**(person or {}))
        return desk

    yield start
    for desk in started:
        await desk.close()


@pytest.fixture
async def desk(start_desk: StartDesk) -> Desk:
    """With the settings as they are shipped: two people, nothing automatic, embedded core."""
    return await start_desk()
