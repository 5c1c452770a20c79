"""What every service's context stands on."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

import httpx
import structlog

from shared.clock import Clock, SystemClock
from shared.database import Database, require_revision
from shared.outages import is_outage
from shared.settings import ServiceSettings
from shared.telemetry import tracing
from shared.telemetry.trace import current_traceparent
from shared.web.client_credentials import ClientCredentials
from shared.web.health import Health
from shared.web.jwks import KeySet
from shared.web.tokens import TokenVerifier

_PEER_SECONDS = 5.0
_START_ATTEMPTS = 30
_START_PAUSE_SECONDS = 1.0
_CLOSE_SECONDS = 2.0

_log = structlog.get_logger(__name__)

Settings = TypeVar("Settings", bound=ServiceSettings)


@dataclass(frozen=True)
class Foundation(Generic[Settings]):
    """Made once per process. ``peers`` carries our own token (client credentials), ``http`` none."""

    settings: Settings
    clock: Clock
    database: Database
    http: httpx.AsyncClient
    peers: httpx.AsyncClient
    tokens: TokenVerifier
    health: Health


@asynccontextmanager
async def open_foundation(
    settings: Settings, package: str, *, clock: Clock | None = None
) -> AsyncIterator[Foundation[Settings]]:
    """Open what ``package`` stands on, and close it afterwards.

    Waits up to 30 s for the database; raises ``BehindRevision`` when it lacks a revision that this code needs.
    """
    clock = clock or SystemClock()
    database = Database(settings.database_url.get_secret_value(), pool_size=settings.database_pool_size, name=package)
    if settings.otlp_endpoint is not None:
        tracing.watch_engine(database.engine.sync_engine)
    trusted = _trusted()
    http, peers = _client(trusted, None), _client(trusted, _own_token(settings, clock))
    try:
        await _wait_for_database(database, package)
        keys = KeySet(str(settings.auth_jwks_url), http, clock)
        yield Foundation(
            settings=settings,
            clock=clock,
            database=database,
            http=http,
            peers=peers,
            tokens=TokenVerifier(keys, issuer=settings.auth_issuer, audience=settings.auth_audience, clock=clock),
            health=Health({"database": lambda: require_revision(database, package)}),
        )
    finally:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await asyncio.gather(http.aclose(), peers.aclose(), database.dispose())


async def _wait_for_database(database: Database, package: str) -> None:
    for attempt in range(1, _START_ATTEMPTS + 1):
        try:
            await require_revision(database, package)
        except Exception as error:
            # Outages come as errors of every library below; ``is_outage`` knows them, and all others are raised.
            if not is_outage(error) or attempt == _START_ATTEMPTS:
                raise
            _log.warning("waiting_for_database", attempt=attempt, reason=type(error).__name__)
            await asyncio.sleep(_START_PAUSE_SECONDS)
        else:
            return


def _own_token(settings: ServiceSettings, clock: Clock) -> ClientCredentials | None:
    if settings.token_url is None or settings.client_id is None or settings.client_secret is None:
        return None
    secret = settings.client_secret.get_secret_value()
    return ClientCredentials(str(settings.token_url), settings.client_id, secret, clock)


@cache
def _trusted() -> ssl.SSLContext:
    # Read once per process: the system's certificates take longer than all else that is opened here.
    return ssl.create_default_context()


def _client(trusted: ssl.SSLContext, auth: httpx.Auth | None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        auth=auth,
        verify=trusted,
        trust_env=False,  # no proxy and no netrc from outside our settings
        timeout=_PEER_SECONDS,
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
        event_hooks={"request": [_carry_trace]},
    )


async def _carry_trace(request: httpx.Request) -> None:
    request.headers.setdefault("traceparent", current_traceparent())
