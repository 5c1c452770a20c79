"""One system of all four services for every test of this folder; each test brings people of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.crossings.banks import Banks
from tests.databases import Postgres
from tests.figures import open_breaks, report
from tests.four_services import FourServices, four_services


@pytest.fixture(scope="session")
async def system(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FourServices]:
    """Up until the last of them; whatever they did, sheets, cases and money agree in the end."""
    async with four_services(postgres, tmp_path_factory.mktemp("system"), figures_grace_hours=0) as running:
        yield running
        await running.run()
        await report(running)
        assert await open_breaks(running) == []


@pytest.fixture(scope="session")
def banks(system: FourServices) -> Banks:
    """Their statements."""
    return Banks(system)
