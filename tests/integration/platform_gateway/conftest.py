"""A fresh platform for each test."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from platform_gateway.app import build_context
from platform_gateway.settings import GatewaySettings
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.integration.platform_gateway.gateway import Gateway, Keys
from tests.integration.platform_gateway.stand_in import AUDIENCE, ISSUER, Agencies, StandIn


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Made once: generating them takes time and says nothing."""
    return Keys()


@pytest.fixture
def more_settings() -> dict[str, Any]:
    """What a test module sets otherwise."""
    return {}


@pytest.fixture
async def gateway(
    new_database: NewDatabase, clock: AdvancingClock, keys: Keys, tmp_path: Path, more_settings: dict[str, Any]
) -> AsyncIterator[Gateway]:
    """A platform with four areas registered, and stand-ins for their services."""
    database = await new_database("platform_gateway")
    keys.write(tmp_path / "keys")
    async with StandIn(Agencies(clock)).running() as stand_in:
        given = {
            "environment": "development",
            "database_url": database.app_url,
            "auth_issuer": ISSUER,
            "auth_audience": AUDIENCE,
            "auth_jwks_url": f"{stand_in.url}/jwks",
            "token_url": f"{stand_in.url}/token",
            "client_id": "platform",
            "client_secret": "not-a-secret",
            "keys_dir": tmp_path / "keys",
            "registry_seconds": 0,
            "progress_attempts": 3,
        }
        settings = GatewaySettings.model_validate(given | more_settings)
        async with build_context(settings, clock=clock) as process:
            made = Gateway(process, clock, stand_in, keys)
            await made.register()
            yield made
            await made.http.aclose()
