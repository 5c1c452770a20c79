"""The ledger on a fresh database."""

from collections.abc import AsyncIterator

import pytest

from shared.database import Database
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.databases import FreshDatabase, Postgres
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.town import Town


@pytest.fixture
async def fresh(new_database: NewDatabase) -> FreshDatabase:
    """Its addresses: the app role's and the owner's."""
    return await new_database("ledger")


@pytest.fixture
async def bank(fresh: FreshDatabase, clock: AdvancingClock) -> AsyncIterator[Bank]:
    """The ledger of Jinan and Beijing."""
    service = Bank(Database(fresh.app_url, pool_size=8), clock)
    await service.start()
    yield service
    await service.close()


@pytest.fixture(scope="module")
async def town(postgres: Postgres) -> AsyncIterator[Town]:
    """The ledger of Jinan and Beijing, shared by the scenarios."""
    fresh = await postgres.fresh("ledger")
    service = Bank(Database(fresh.app_url, pool_size=4), AdvancingClock())
    await service.start()
    yield Town(service)
    await service.close()
    await postgres.drop(fresh)
