"""The embedded server keeps its data, and a service's roles may do no more than they need."""

import stat
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from stack.databases import ServiceDatabase, provision
from stack.postgres import EmbeddedPostgres, end_left_running, left_running

SERVICE = "ledger"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("stack") / "postgres") as server:
        yield server


async def prepared(server: EmbeddedPostgres) -> ServiceDatabase:
    file = server.folder.parent / "passwords.json"
    return (await provision(server.admin_url, [SERVICE], passwords_file=file))[SERVICE]


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_data_survives_stop_and_start(server: EmbeddedPostgres) -> None:
    database = await prepared(server)
    await run(database.owner_url, "CREATE TABLE kept AS SELECT 42 AS n")
    server.stop()
    assert left_running(server.folder) is None
    server.start()
    assert left_running(server.folder) is not None
    database = await prepared(server)
    assert await run(database.owner_url, "SELECT n FROM kept") == 42


async def test_every_commit_reaches_the_disk(server: EmbeddedPostgres) -> None:
    shown = [await run(server.admin_url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "shared_buffers")]
    assert shown == ["on", "on", "128MB"]


async def test_numbers_are_compared_as_bytes(server: EmbeddedPostgres) -> None:
    database = await prepared(server)
    query = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
    assert await run(database.app_url, query) == "C"


async def test_app_role_makes_no_tables(server: EmbeddedPostgres) -> None:
    database = await prepared(server)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(database.app_url, "CREATE TABLE mine (n int)")


async def test_one_service_cannot_open_the_database_of_another(server: EmbeddedPostgres) -> None:
    file = server.folder.parent / "passwords.json"
    both = await provision(server.admin_url, [SERVICE, "outbound"], passwords_file=file)
    foreign = both["outbound"].app_url.replace("/outbound?", "/ledger?")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(foreign, "SELECT 1")


async def test_passwords_are_kept_for_the_owner_only(server: EmbeddedPostgres) -> None:
    first = await prepared(server)
    assert await prepared(server) == first
    assert stat.S_IMODE((server.folder.parent / "passwords.json").stat().st_mode) == 0o600


async def test_a_long_path_gets_a_socket_and_a_server_what_it_is_given(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(deep, {"shared_buffers": "64MB"}) as server:
        assert str(deep) not in server.admin_url
        assert server.pid is not None
        shown = [await run(server.admin_url, f"SHOW {name}") for name in ("fsync", "shared_buffers")]
        assert shown == ["on", "64MB"]


def test_a_server_that_a_killed_launcher_left_is_ended_cleanly(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    left = EmbeddedPostgres(folder)
    left.start()
    assert end_left_running(folder) == left.pid
    assert left_running(folder) is None
    assert end_left_running(folder) is None
    assert "database system is shut down" in (folder / "log").read_text()
