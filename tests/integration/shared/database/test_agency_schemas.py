"""The agencies' migrations stand by themselves, and make exactly the tables that the code knows."""

import re
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from inbound.tables import metadata as inbound
from outbound.tables import metadata as outbound
from tests.conftest import NewDatabase

SERVICES = Path(__file__).resolve().parents[4] / "services"
OWN_TABLES = re.compile(r"^from (?!shared)\w+\.tables import|metadata\.create_all", re.MULTILINE)


@pytest.mark.parametrize(("package", "metadata"), [("inbound", inbound), ("outbound", outbound)])
async def test_migrations_make_the_tables_of_the_code(
    new_database: NewDatabase, package: str, metadata: MetaData
) -> None:
    database = await new_database(package)
    engine = create_async_engine(database.owner_url)
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences, metadata)
    await engine.dispose()
    assert differences == []


def _differences(connection: Connection, metadata: MetaData) -> list[Any]:
    def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or name in metadata.tables

    context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
    # Comments explain the code's tables; not all of them are kept in the database.
    return [found for found in compare_metadata(context, metadata) if "comment" not in _kind(found)]


def _kind(found: Any) -> str:
    first = found[0]
    return str(first[0] if isinstance(first, tuple) else first)


@pytest.mark.parametrize("script", sorted(SERVICES.glob("*/migrations/versions/*.py")), ids=lambda path: path.stem)
def test_a_migration_takes_no_table_from_the_code_that_goes_on_changing(script: Path) -> None:
    assert OWN_TABLES.search(script.read_text(encoding="utf-8")) is None
