"""Positions are given after commit and seen without gaps."""

from shared.messaging import feed
from shared.messaging.feed import FeedEntry
from tests.integration.shared.messaging.parts import CASE, Service


def happened(kind: str, admdvs: str | None = "370100") -> FeedEntry:
    return FeedEntry(admdvs, CASE, kind, {"state": kind})


async def positions(service: Service, admdvs: str | None = None, after: int = 0) -> list[tuple[int, str]]:
    async with service.database.connection() as connection:
        return [(row.position, row.type) for row in await feed.read(connection, admdvs=admdvs, after=after, limit=100)]


async def number(service: Service) -> int:
    async with service.database.transaction() as connection:
        return await feed.number(connection)


async def test_entry_that_commits_late_comes_after_what_was_numbered(platform: Service) -> None:
    now = platform.clock.now()
    async with platform.database.transaction() as slow:
        await feed.append(slow, [happened("slow")], now=now)
        async with platform.database.transaction() as quick:
            await feed.append(quick, [happened("first"), happened("second")], now=now)
        assert await positions(platform) == []
        assert await number(platform) == 2
        assert await positions(platform) == [(1, "first"), (2, "second")]
    assert await number(platform) == 1
    assert await positions(platform, after=2) == [(3, "slow")]
    assert await number(platform) == 0


async def test_agency_reads_only_its_own(platform: Service) -> None:
    entries = [happened("ours"), happened("theirs", "370200"), happened("platform", None)]
    async with platform.database.transaction() as connection:
        await feed.append(connection, entries, now=platform.clock.now())
    await number(platform)
    assert await positions(platform, "370100") == [(1, "ours")]
    assert len(await positions(platform)) == 3


async def test_rolled_back_entry_leaves_no_gap(platform: Service) -> None:
    async with platform.database.transaction() as connection:
        await feed.append(connection, [happened("undone")], now=platform.clock.now())
        await connection.rollback()
    async with platform.database.transaction() as connection:
        await feed.append(connection, [happened("done")], now=platform.clock.now())
    await number(platform)
    assert await positions(platform) == [(1, "done")]
