"""The same key and body have one effect, whoever comes when."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.database import Database
from shared.web.idempotency import KeyedRequest, KeyInUse, KeyReused, Replay, amend, once, once_each, purge, remember
from tests.clocks import SOME_MORNING
from tests.conftest import NewDatabase

NOW = SOME_MORNING


def keyed(key: str = "k", body: bytes = b"body", scope: str = "caller\nPOST /things") -> KeyedRequest:
    return KeyedRequest(key, scope, body)


@pytest.fixture
async def database(new_database: NewDatabase) -> AsyncIterator[Database]:
    fresh = await new_database(Path(__file__).parent / "sample_service" / "migrations")
    database = Database(fresh.app_url, pool_size=4)
    yield database
    await database.dispose()


async def keep(database: Database, request: KeyedRequest, resource_id: str = "r", status: int = 201) -> None:
    async with database.transaction() as connection:
        assert await once(connection, request, now=NOW) is None
        await remember(connection, request, status=status, location="/r", resource_id=resource_id, now=NOW)


async def test_replays_the_same_answer(database: Database) -> None:
    await keep(database, keyed())
    async with database.transaction() as connection:
        assert await once(connection, keyed(), now=NOW) == Replay(201, "/r", "r")


async def test_refuses_another_body_under_the_same_key(database: Database) -> None:
    await keep(database, keyed())
    async with database.transaction() as connection:
        with pytest.raises(KeyReused):
            await once(connection, keyed(body=b"other"), now=NOW)


async def test_keys_belong_to_caller_and_operation(database: Database) -> None:
    await keep(database, keyed())
    async with database.transaction() as connection:
        assert await once(connection, keyed(scope="another\nPOST /things"), now=NOW) is None


async def test_refuses_a_key_that_is_being_worked_on(database: Database) -> None:
    async with database.transaction() as first, database.transaction() as second:
        await once(first, keyed(), now=NOW)
        with pytest.raises(KeyInUse):
            await once(second, keyed(), now=NOW)


async def test_a_rolled_back_request_leaves_nothing(database: Database) -> None:
    async with database.engine.connect() as connection:
        await once(connection, keyed(), now=NOW)
        await remember(connection, keyed(), status=201, location=None, resource_id="r", now=NOW)
        await connection.rollback()
    await keep(database, keyed())


async def test_remember_never_overwrites_another_answer(database: Database) -> None:
    await keep(database, keyed())
    async with database.transaction() as connection:
        with pytest.raises(KeyInUse):
            await remember(connection, keyed(), status=201, location=None, resource_id="second", now=NOW)


async def test_of_many_at_once_exactly_one_creates(database: Database) -> None:
    async def attempt(number: int) -> str:
        try:
            async with database.transaction() as connection:
                replay = await once(connection, keyed(), now=NOW)
                if replay is not None:
                    return replay.resource_id
                await remember(connection, keyed(), status=201, location=None, resource_id=str(number), now=NOW)
                return str(number)
        except KeyInUse:
            return "in use"

    results = await asyncio.gather(*(attempt(number) for number in range(20)))
    assert len(set(results) - {"in use"}) == 1


async def test_verdict_turns_202_into_201(database: Database) -> None:
    await keep(database, keyed(), status=202)
    await keep(database, keyed("other"), resource_id="other", status=202)
    async with database.transaction() as connection:
        await amend(connection, ["r"], status=201)
        replays = await once_each(connection, [keyed("other"), keyed()], now=NOW)
    assert [replay.status for replay in replays if replay] == [202, 201]


async def test_refuses_a_key_twice_in_one_set(database: Database) -> None:
    async with database.transaction() as connection:
        with pytest.raises(KeyReused):
            await once_each(connection, [keyed(), keyed()], now=NOW)


async def test_an_expired_key_is_free_again(database: Database) -> None:
    await keep(database, keyed())
    later = NOW + timedelta(days=7)
    async with database.transaction() as connection:
        assert await once(connection, keyed(body=b"other"), now=later) is None
        await remember(connection, keyed(body=b"other"), status=201, location=None, resource_id="new", now=later)
        again = await once(connection, keyed(body=b"other"), now=later)
    assert again == Replay(201, None, "new")


async def test_purges_expired_answers_in_bounded_batches(database: Database) -> None:
    for number in range(5):
        await keep(database, keyed(f"k{number}"))
    later = NOW + timedelta(days=7)
    async with database.transaction() as connection:
        assert await purge(connection, now=NOW, limit=3) == 0
        assert [await purge(connection, now=later, limit=3) for _ in range(3)] == [3, 2, 0]
        assert await connection.scalar(text("SELECT count(*) FROM idempotency")) == 0
