"""The whole service put together from its settings."""

from pathlib import Path

import httpx
import pytest

from inbound.app import build_app, build_context
from inbound.service import SERVICE, build_loops
from shared.database import BehindRevision
from shared.messaging.membership import SettingMissing
from shared.signing.keys import Purpose
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.databases import Postgres
from tests.integration.inbound.parts import INBOUND, KEYS, ROOT, settings


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Key files as a deployment has them."""
    folder = tmp_path / "keys" / str(INBOUND)
    folder.mkdir(parents=True)
    (folder / "message.pem").write_text(KEYS[(INBOUND, Purpose.MESSAGE)].pem())
    (tmp_path / "root.pem").write_text(ROOT.public_key)
    return {
        "keys_dir": str(tmp_path / "keys"),
        "registry_root_key_file": str(tmp_path / "root.pem"),
        "platform_url": "http://127.0.0.1:9",
    }


async def test_service_opens_and_says_that_it_is_ready(
    new_database: NewDatabase, files: dict[str, str], clock: AdvancingClock
) -> None:
    configured = settings((await new_database(SERVICE.package)).app_url, **files)
    async with build_context(configured, clock=clock) as context:
        transport = httpx.ASGITransport(build_app(context))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/readyz")).status_code == 200
            assert (await client.get("/v1/cases")).status_code == 401
        assert [loop.name for loop in build_loops(context)] == [
            "relay",
            "consumer",
            "messaging-gauges",
            "resend",
            "retention",
            "core",
            "benefits",
            "registry",
            "due-dates",
            "case-counts",
            "figures",
            "idempotency-purge",
        ]
        [counts] = [loop for loop in build_loops(context) if loop.name == "case-counts"]
        assert await counts.turn() is False


async def test_service_refuses_a_database_that_is_behind(
    postgres: Postgres, files: dict[str, str], clock: AdvancingClock
) -> None:
    empty = await postgres.empty("inbound")
    with pytest.raises(BehindRevision):
        async with build_context(settings(empty.app_url, **files), clock=clock):
            pass
    await postgres.drop(empty)


@pytest.mark.parametrize("missing", ["keys_dir", "registry_root_key_file", "platform_url"])
async def test_service_says_which_setting_is_missing(
    new_database: NewDatabase, files: dict[str, str], missing: str
) -> None:
    configured = settings((await new_database(SERVICE.package)).app_url, **(files | {missing: None}))
    with pytest.raises(SettingMissing, match=missing.upper()):
        async with build_context(configured):
            pass
