"""A platform and one agency's outbound service."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.contracts.party import PLATFORM
from shared.database import Database
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.integration.shared.messaging.parts import JINAN, QINGDAO, Service, World

SCRIPTS = Path(__file__).parent / "migrations"
NOWHERE = "127.0.0.1:1"


@pytest.fixture
def world() -> World:
    return World(PLATFORM, JINAN, QINGDAO)


@pytest.fixture
async def platform(new_database: NewDatabase, world: World, clock: AdvancingClock) -> AsyncIterator[Service]:
    """Without a broker: records are handed over by the test."""
    service = Service(Database((await new_database(SCRIPTS)).app_url), world, clock, NOWHERE, PLATFORM)
    yield service
    await service.close()


@pytest.fixture
async def jinan(new_database: NewDatabase, world: World, clock: AdvancingClock) -> AsyncIterator[Service]:
    """Without a broker: records are handed over by the test."""
    service = Service(Database((await new_database(SCRIPTS)).app_url), world, clock, NOWHERE, JINAN)
    yield service
    await service.close()
