"""A database with the agency records' tables only."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.database import Database
from tests.conftest import NewDatabase


@pytest.fixture
async def database(new_database: NewDatabase) -> AsyncIterator[Database]:
    """Fresh, as the app role."""
    fresh = await new_database(Path(__file__).parent / "migrations")
    database = Database(fresh.app_url, pool_size=4)
    yield database
    await database.dispose()
