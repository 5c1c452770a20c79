"""Tokens between services, against the real development issuer."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from shared.errors import Unavailable
from shared.web.client_credentials import ClientCredentials
from shared.web.development_issuer.app import create_issuer
from shared.web.development_issuer.clients import Client, Clients
from shared.web.development_issuer.roles import ready_made_tokens
from shared.web.development_issuer.signing_key import SigningKey
from shared.web.jwks import KeySet
from shared.web.tokens import TokenVerifier
from tests.clocks import AdvancingClock

RIGHT = "right"
NAMES = {"issuer": "http://issuer", "audience": "transfer"}


class World:
    """An issuer and a peer behind one transport."""

    def __init__(self, folder: Path, clock: AdvancingClock) -> None:
        self.key = SigningKey.load_or_make(folder / "new" / "key.pem", **NAMES)
        client = Client(client_id="gateway", client_secret=SecretStr(RIGHT), claims={"scope": "platform a:b"})
        issuer = create_issuer(self.key, Clients([client]), clock, lifetime=timedelta(minutes=5))
        self._issuer = httpx.ASGITransport(issuer)
        self.tokens_given = 0
        self.peer_statuses: list[int] = []
        self.authorizations: list[str] = []
        self.issuer_answer: Callable[[], httpx.Response] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "peer":
            self.authorizations.append(request.headers["authorization"])
            return httpx.Response(self.peer_statuses.pop(0) if self.peer_statuses else 200)
        self.tokens_given += request.url.path == "/token"
        if self.issuer_answer is not None:
            return self.issuer_answer()
        return await self._issuer.handle_async_request(request)


@pytest.fixture
def world(tmp_path: Path, clock: AdvancingClock) -> World:
    return World(tmp_path, clock)


def client_of(world: World, clock: AdvancingClock, client_secret: str = RIGHT) -> httpx.AsyncClient:
    auth = ClientCredentials("http://issuer/token", "gateway", client_secret, clock)
    return httpx.AsyncClient(auth=auth, transport=httpx.MockTransport(world.handle_async_request))


async def test_many_calls_share_one_token(world: World, clock: AdvancingClock) -> None:
    async with client_of(world, clock) as client:
        await asyncio.gather(*(client.get("http://peer/x") for _ in range(10)))
    assert world.tokens_given == 1
    assert len(set(world.authorizations)) == 1


async def test_renews_shortly_before_the_end(world: World, clock: AdvancingClock) -> None:
    async with client_of(world, clock) as client:
        await client.get("http://peer/x")
        clock.advance(seconds=239)
        await client.get("http://peer/x")
        assert world.tokens_given == 1
        clock.advance(seconds=1)
        await client.get("http://peer/x")
    assert world.tokens_given == 2


async def test_renews_once_when_a_peer_refuses_the_token(world: World, clock: AdvancingClock) -> None:
    world.peer_statuses = [401, 401]
    async with client_of(world, clock) as client:
        answer = await client.get("http://peer/x")
    assert answer.status_code == 401
    assert world.tokens_given == 2


async def test_wrong_secret_is_unavailable(world: World, clock: AdvancingClock) -> None:
    async with client_of(world, clock, "wrong") as client:
        with pytest.raises(Unavailable):
            await client.get("http://peer/x")
    assert world.authorizations == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx.Response(500),
        lambda: httpx.Response(200, text="<html>"),
        lambda: httpx.Response(200, json=[]),
        lambda: httpx.Response(200, json={"expires_in": 5}),
        lambda: httpx.Response(200, json={"access_token": "x", "expires_in": "soon"}),
        lambda: httpx.Response(200, text='{"access_token": "x", "expires_in": 1e999}'),
        lambda: httpx.Response(200, text="[" * 100_000),
        lambda: httpx.Response(200, json={"access_token": "令牌"}),
        lambda: httpx.Response(200, json={"access_token": "x\r\nHost: y"}),
    ],
)
async def test_strange_issuer_is_unavailable(
    world: World, clock: AdvancingClock, answer: Callable[[], httpx.Response]
) -> None:
    world.issuer_answer = answer
    async with client_of(world, clock) as client:
        with pytest.raises(Unavailable):
            await client.get("http://peer/x")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": "gateway", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody", "client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "gateway", "client_secret": "right", "scope": "more"}, 400, "invalid_scope"),
        ({"client_id": "gateway", "client_secret": "right", "scope": "a:b"}, 200, None),
        ({"client_id": "gateway", "client_secret": "right"}, 200, None),
    ],
)
async def test_token_endpoint(
    world: World, clock: AdvancingClock, form: dict[str, str], status: int, error: str | None
) -> None:
    grant = {"grant_type": "client_credentials"} if "client_id" in form else {}
    async with httpx.AsyncClient(transport=httpx.MockTransport(world.handle_async_request)) as client:
        answer = await client.post("http://issuer/token", data=grant | form)
    assert (answer.status_code, answer.json().get("error")) == (status, error)


async def test_ready_made_tokens_hold(world: World, clock: AdvancingClock) -> None:
    http = httpx.AsyncClient(transport=httpx.MockTransport(world.handle_async_request))
    verifier = TokenVerifier(KeySet("http://issuer/jwks", http, clock), **NAMES, clock=clock)
    tokens = ready_made_tokens(world.key, ["370100", "110100"], now=clock.now())
    clerk = await verifier.verify(tokens["clerk@370100"])
    operator = await verifier.verify(tokens["platform-operator"])
    assert (clerk.agency(), "cases:work" in clerk.scopes, "cases:check" in clerk.scopes) == ("370100", True, False)
    assert operator.is_platform_wide


def test_keeps_its_key(tmp_path: Path) -> None:
    first, second = [SigningKey.load_or_make(tmp_path / "key.pem", **NAMES) for _ in range(2)]
    assert first.kid == second.kid
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
