"""One system of all four services for every test of this folder; each test brings people of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.crossings.banks import Banks
from tests.databases import Postgres
from tests.four_services import FourServices, four_services


@pytest.fixture(scope="session")
async def system(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FourServices]:
    """Up until the last of them."""
    async with four_services(postgres, tmp_path_factory.mktemp("system"), figures_grace_hours=0) as running:
        yield running


@pytest.fixture(scope="session")
def banks(system: FourServices) -> Banks:
    """Their statements."""
    return Banks(system)
