"""The tables as Core sees them are the tables that the migration makes."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from shared.database import Database
from shared.messaging.tables import metadata
from tests.conftest import NewDatabase

SCRIPTS = Path(__file__).parent / "migrations"


def _columns_that_differ(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    differences = compare_metadata(context, metadata)
    # A list is a set of changed columns; of whole tables, only ours can be missing.
    return [found for found in differences if isinstance(found, list) or found[0] in {"add_table", "add_column"}]


async def test_core_tables_agree_with_the_migration(new_database: NewDatabase) -> None:
    fresh = await new_database(SCRIPTS)
    database = Database(fresh.owner_url)
    async with database.transaction() as connection:
        assert await connection.run_sync(_columns_that_differ) == []
    await database.dispose()
