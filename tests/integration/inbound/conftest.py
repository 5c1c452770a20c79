"""The inbound service on a fresh database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from shared.database import Database
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.integration.inbound.parts import InboundService, settings

StartService = Callable[..., Awaitable[InboundService]]


@pytest.fixture
async def start_service(new_database: NewDatabase, clock: AdvancingClock) -> AsyncIterator[StartService]:
    """``await start_service(auto_accept_agencies=...)``; the person is in the records already."""
    started: list[InboundService] = []

    async def start(**changes: Any) -> InboundService:
        fresh = await new_database("inbound")
        service = InboundService(Database(fresh.app_url, pool_size=4), clock, settings(fresh.app_url, **changes))
        started.append(service)
        await service.start()
        await service.push()
        return service

    yield start
    for service in started:
        await service.close()


@pytest.fixture
async def service(start_service: StartService) -> InboundService:
    """With the settings as they are shipped."""
    return await start_service()
