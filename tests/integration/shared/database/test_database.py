"""The owner migrates, the app role works, and a service never starts on a database that is behind."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import column, insert, select, table, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from shared.database import BehindRevision, Database, require_revision
from shared.database.migrations import migrate
from shared.database.scripts import ScriptsMissing, head_revision, known_revisions, script_location
from tests.clocks import FixedClock
from tests.conftest import NewDatabase
from tests.databases import FreshDatabase, Postgres

SCRIPTS = Path(__file__).parent / "migrations"
NOTE = table("note", column("id"), column("body", JSONB))


@pytest.fixture
async def fresh(new_database: NewDatabase) -> FreshDatabase:
    return await new_database(SCRIPTS)


@pytest.fixture
async def database(fresh: FreshDatabase) -> AsyncIterator[Database]:
    database = Database(fresh.app_url)
    yield database
    await database.dispose()


@pytest.fixture
def older_scripts(tmp_path: Path) -> Path:
    """The same scripts without the second step."""
    folder = tmp_path / "older" / "migrations"
    shutil.copytree(SCRIPTS, folder)
    (folder / "versions" / "0002_colour.py").unlink()
    return folder


async def test_transaction_commits_on_exit_and_keeps_json(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(insert(NOTE).values(id=1, body={"at": datetime(2026, 1, 1, tzinfo=UTC), "名": "甲"}))
    async with database.connection() as connection:
        assert await connection.scalar(select(NOTE.c.body)) == {"at": "2026-01-01T00:00:00Z", "名": "甲"}


async def test_transaction_rolls_back_when_the_block_raises(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.transaction() as connection:
            await connection.execute(insert(NOTE).values(id=1))
            raise KeyError

    with pytest.raises(KeyError):
        await write_and_fail()
    async with database.connection() as connection:
        assert (await connection.execute(select(NOTE.c.id))).all() == []


async def test_snapshot_shows_one_moment_and_takes_no_writing(database: Database) -> None:
    async with database.snapshot() as reading:
        assert (await reading.execute(select(NOTE.c.id))).all() == []
        async with database.transaction() as writing:
            await writing.execute(insert(NOTE).values(id=1))
        assert (await reading.execute(select(NOTE.c.id))).all() == []
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await reading.execute(insert(NOTE).values(id=2))


async def test_app_role_has_no_ddl(database: Database) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.transaction() as connection:
            await connection.execute(text("CREATE TABLE mine (id int)"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE evidence SET id = 2", "DELETE FROM evidence", "TRUNCATE evidence", "DELETE FROM monthly"],
)
async def test_app_role_adds_evidence_but_never_changes_it(database: Database, statement: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO evidence VALUES (1)"))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.transaction() as connection:
            await connection.execute(text(statement))


async def test_service_starts_on_a_migrated_database(database: Database) -> None:
    await database.ping()
    await require_revision(database, SCRIPTS)


async def test_service_refuses_a_database_that_is_behind(postgres: Postgres, older_scripts: Path) -> None:
    fresh = await postgres.empty("behind")
    database = Database(fresh.app_url)
    with pytest.raises(BehindRevision):
        await require_revision(database, SCRIPTS)
    await migrate(older_scripts, fresh.owner_url, fresh.app_role, clock=FixedClock())
    with pytest.raises(BehindRevision, match="0002"):
        await require_revision(database, SCRIPTS)
    await migrate(SCRIPTS, fresh.owner_url, fresh.app_role, clock=FixedClock())
    await require_revision(database, SCRIPTS)
    await database.dispose()
    await postgres.drop(fresh)


async def test_older_code_works_on_a_newer_database(
    database: Database, fresh: FreshDatabase, older_scripts: Path
) -> None:
    await require_revision(database, older_scripts)
    await migrate(older_scripts, fresh.owner_url, fresh.app_role, clock=FixedClock())
    await require_revision(database, SCRIPTS)


async def test_migrate_makes_months_ahead_and_leaves_what_is_in_the_default_partition(
    database: Database, fresh: FreshDatabase
) -> None:
    far = datetime(2027, 5, 5, tzinfo=UTC)
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO monthly VALUES (1, '2026-03-02Z'), (2, :far)"), {"far": far})
    await migrate(SCRIPTS, fresh.owner_url, fresh.app_role, clock=FixedClock(datetime(2026, 6, 1, tzinfo=UTC)))
    async with database.connection() as connection:
        rows = (await connection.execute(text("SELECT id, tableoid::regclass::text FROM monthly ORDER BY id"))).all()
        last = await connection.scalar(text("SELECT to_regclass('monthly_y2027m06') IS NULL"))
        kept = await connection.scalar(text("SELECT to_regclass('monthly_y2027m05') IS NULL"))
    assert [tuple(row) for row in rows] == [(1, "monthly_y2026m03"), (2, "monthly_default")]
    assert kept
    assert last


def test_finds_the_scripts_of_a_service_in_the_source_tree() -> None:
    assert script_location("outbound").parts[-3:] == ("services", "outbound", "migrations")
    with pytest.raises(ScriptsMissing):
        script_location("shared")


@pytest.mark.parametrize("package", [SCRIPTS, "platform_gateway", "outbound", "inbound", "ledger"])
def test_reads_the_revisions_that_alembic_finds(package: str | Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(script_location(package)))
    scripts = ScriptDirectory.from_config(config)
    assert head_revision(package) == scripts.get_current_head()
    assert known_revisions(package) == {script.revision for script in scripts.walk_revisions()}
