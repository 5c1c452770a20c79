"""A service's copy of the registry: a real database, and a real platform endpoint over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from shared.database import Database
from shared.registry.copy import RegistryCopy, RegistryMissing
from shared.registry.fetch import RegistryUnavailable
from shared.registry.models import RegistrySnapshot
from shared.registry.snapshot import sign_snapshot
from shared.signing.errors import KeyUnknown
from shared.signing.key_pair import PrivateKey
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.plain_http import plain_client

MIGRATIONS = Path(__file__).parent / "migrations"
ROOT = PrivateKey.generate("ES256")


@dataclass
class Platform:
    """What the endpoint answers, and what it was asked."""

    url: str = ""
    text: str = ""
    etag: str = ""
    status: int = 200
    answers: list[int] = field(default_factory=list)

    def publish(self, version: int, key: PrivateKey = ROOT) -> None:
        snapshot = RegistrySnapshot.model_validate(
            {"version": version, "issued_at": "2026-03-01T00:00:00Z", "areas": [], "platform_keys": []}
        )
        self.text, self.etag = sign_snapshot(snapshot, key), f'"{version}"'


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform()

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            unchanged = self.headers.get("If-None-Match") == platform.etag and platform.status == 200
            status = 304 if unchanged else platform.status
            platform.answers.append(status if self.path == "/v1/registry" else 404)
            body = b"" if unchanged else platform.text.encode()
            self.send_response(status)
            self.send_header("ETag", platform.etag)
            self.send_header("Content-Type", "application/jose+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    Thread(target=server.serve_forever, daemon=True).start()
    platform.url = f"http://127.0.0.1:{server.server_port}/"
    platform.publish(1)
    yield platform
    server.shutdown()
    server.server_close()


@pytest.fixture
async def database(new_database: NewDatabase) -> AsyncIterator[Database]:
    database = Database((await new_database(MIGRATIONS)).app_url, pool_size=2)
    yield database
    await database.dispose()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with plain_client() as client:
        yield client


@dataclass
class Services:
    """Starts services on one database."""

    database: Database
    http: httpx.AsyncClient
    platform: Platform
    clock: AdvancingClock

    async def start(self, root: PrivateKey = ROOT) -> RegistryCopy:
        copy = RegistryCopy(self.database, self.http, root.public_key, platform_url=self.platform.url, clock=self.clock)
        await copy.load()
        return copy


@pytest.fixture
def services(database: Database, http: httpx.AsyncClient, platform: Platform, clock: AdvancingClock) -> Services:
    return Services(database, http, platform, clock)


async def test_nothing_can_be_looked_up_before_the_first_snapshot(services: Services) -> None:
    copy = await services.start()

    with pytest.raises(RegistryMissing):
        _ = copy.current


async def test_refresh_brings_the_snapshot_and_a_restart_keeps_it_without_the_platform(
    services: Services, platform: Platform
) -> None:
    assert await (await services.start()).refresh()
    platform.status = 503

    restarted = await services.start()

    assert restarted.current.version == 1
    with pytest.raises(RegistryUnavailable):
        await restarted.refresh()
    assert restarted.current.version == 1


async def test_unchanged_registry_is_not_sent_again_even_after_a_restart(
    services: Services, platform: Platform
) -> None:
    await (await services.start()).refresh()

    assert not await (await services.start()).refresh()
    assert platform.answers == [200, 304]


async def test_never_goes_back_to_a_lower_version(services: Services, platform: Platform) -> None:
    platform.publish(7)
    copy = await services.start()
    await copy.refresh()
    platform.publish(6)

    assert not await copy.refresh()
    assert copy.current.version == 7
    assert (await services.start()).current.version == 7


async def test_replica_that_is_behind_does_not_overwrite_the_newer_stored_version(
    services: Services, platform: Platform
) -> None:
    behind = await services.start()
    platform.publish(3)
    await (await services.start()).refresh()
    platform.publish(2)

    await behind.refresh()

    assert (await services.start()).current.version == 3


async def test_refuses_a_snapshot_of_a_foreign_root_key_and_keeps_what_it_holds(
    services: Services, platform: Platform
) -> None:
    copy = await services.start()
    await copy.refresh()
    platform.publish(2, PrivateKey.generate("ES256"))

    with pytest.raises(KeyUnknown):
        await copy.refresh()
    assert copy.current.version == 1


async def test_stored_snapshot_is_left_aside_once_another_root_key_is_pinned(
    services: Services, platform: Platform
) -> None:
    await (await services.start()).refresh()
    new_root = PrivateKey.generate("ES256")

    copy = await services.start(new_root)
    with pytest.raises(RegistryMissing):
        _ = copy.current

    platform.publish(1, new_root)
    assert await copy.refresh()
    assert (await services.start(new_root)).current.version == 1


async def test_unknown_keys_ask_at_most_once_in_some_seconds(
    services: Services, platform: Platform, clock: AdvancingClock
) -> None:
    copy = await services.start()
    assert await copy.refresh_for_unknown()
    platform.publish(2)

    assert not await copy.refresh_for_unknown()
    clock.advance(seconds=6)
    assert await copy.refresh_for_unknown()
    assert platform.answers == [200, 200]


async def test_many_at_once_ask_once_and_all_learn_of_the_new_version(services: Services, platform: Platform) -> None:
    copy = await services.start()

    assert await asyncio.gather(*(copy.refresh_for_unknown() for _ in range(10))) == [True] * 10
    assert platform.answers == [200]


async def test_unknown_key_while_the_platform_is_down_is_just_unknown(services: Services, platform: Platform) -> None:
    copy = await services.start()
    platform.url = "http://127.0.0.1:1/"
    dead = await services.start()
    platform.status = 500

    assert not await copy.refresh_for_unknown()
    assert not await dead.refresh_for_unknown()


async def test_answer_that_is_no_snapshot_changes_nothing(services: Services, platform: Platform) -> None:
    copy = await services.start()
    await copy.refresh()
    platform.text, platform.etag = "<html>\xff</html>", '"9"'

    assert not await copy.refresh_for_unknown()
    assert copy.current.version == 1
