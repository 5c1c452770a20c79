"""The inbound service on a fresh database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from inbound.app import build_app
from inbound.consumers import handlers
from inbound.context import InboundContext
from shared.database import Database
from shared.messaging.exchange import Exchange
from shared.web.health import Health
from shared.web.jwks import KeySet
from shared.web.tokens import TokenVerifier
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.integration.inbound.parts import EVERYBODY, INBOUND, InboundService, settings
from tests.integration.outbound.stand_in_core import StandInCore
from tests.unit.inbound.builders import IN_AREA
from tests.unit.shared.web.conftest import AUDIENCE, ISSUER, Issuer

StartService = Callable[..., Awaitable[InboundService]]
As = Callable[..., httpx.AsyncClient]
CLERK = "cases:read cases:work records:read"
CHECKER = "cases:read cases:check"
CORE = "records:write records:read core:work"


@pytest.fixture
async def start_service(new_database: NewDatabase, clock: AdvancingClock) -> AsyncIterator[StartService]:
    """``await start_service(auto_accept_agencies=...)``; the person is in the records already."""
    started: list[InboundService] = []

    async def start(**changes: Any) -> InboundService:
        fresh = await new_database("inbound")
        service = InboundService(Database(fresh.app_url, pool_size=4), clock, settings(fresh.app_url, **changes))
        started.append(service)
        await service.start()
        await service.push()
        return service

    yield start
    for service in started:
        await service.close()


@pytest.fixture
async def service(start_service: StartService) -> InboundService:
    """With the settings as they are shipped."""
    return await start_service()


@pytest.fixture
async def core() -> AsyncIterator[StandInCore]:
    """A core that is asked, to be named in the settings."""
    async with StandInCore().running() as core:
        yield core


@pytest.fixture
async def as_caller(clock: AdvancingClock) -> AsyncIterator[Callable[[InboundService], As]]:
    """``as_caller(service)(scope, sub=...)`` is a client of the service with such a token."""
    issuer = Issuer(clock)
    opened: list[httpx.AsyncClient] = []

    def of_service(service: InboundService) -> As:
        keys = httpx.AsyncClient(transport=httpx.MockTransport(issuer.answer))
        opened.append(keys)
        tokens = TokenVerifier(KeySet("http://issuer/jwks", keys, clock), issuer=ISSUER, audience=AUDIENCE, clock=clock)
        office = service.office
        exchange = Exchange.build(
            "inbound",
            office.settings,
            served=[INBOUND],
            database=service.database,
            signers=EVERYBODY,
            keys=office.registry,
            handlers=handlers(office),
            clock=clock,
        )
        app = build_app(InboundContext(service.database, office, exchange, tokens, Health()))

        def client(scope: str, **claims: Any) -> httpx.AsyncClient:
            token = issuer.token(scope=scope, **({"admdvs": IN_AREA} | claims))
            headers = {"Authorization": f"Bearer {token}"}
            made = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=headers)
            opened.append(made)
            return made

        return client

    yield of_service
    for each in opened:
        await each.aclose()


@pytest.fixture
async def caller(service: InboundService, as_caller: Callable[[InboundService], As]) -> As:
    """Clients of the service as it is shipped, with a case whose sheet has come."""
    await service.accept()
    await service.route()
    return as_caller(service)
