"""A small application of the tests' own, with an issuer whose keys they hold."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI, Path, Query, Security
from pydantic import BaseModel, Field
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request
from starlette.responses import StreamingResponse

from shared.contracts.model import Document
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound, PreconditionFailed, Unavailable
from shared.money import Fen
from shared.months import YearMonth
from shared.web.app import create_app
from shared.web.authentication import Principal, authenticated
from shared.web.etags import IfMatch, IfNoneMatch, etag
from shared.web.health import Health
from shared.web.idempotency import Keyed
from shared.web.jwks import KeySet
from shared.web.ndjson import NDJSON
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router, streamed
from shared.web.tokens import TokenVerifier
from shared.web.trials import NDJSON_ANSWER, Trier, trial_lines
from tests.clocks import AdvancingClock

ISSUER = "https://issuer.example"
AUDIENCE = "transfer"
KID = "key-1"

Reader = Annotated[Principal, Security(authenticated, scopes=["things:read"])]
Writer = Annotated[Principal, Security(authenticated, scopes=["things:write"])]


class Money(Document):
    kind: Literal["money"]
    amount: Fen


class Months(Document):
    kind: Literal["months"]
    month: YearMonth


class Thing(Document):
    name: str = Field(min_length=1, max_length=20)
    day: date
    count: int = Field(ge=0, le=100)
    parts: list[Annotated[Money | Months, Field(discriminator="kind")]] = Field(default_factory=list)


class Answer(BaseModel):
    result: str


FAILURES: dict[str, Callable[[], Exception]] = {
    "not-found": lambda: NotFound("没有这件事"),
    "conflict": lambda: Conflict("状态不对"),
    "forbidden": lambda: Forbidden("不可以"),
    "stale": lambda: PreconditionFailed("旧了"),
    "invalid": lambda: InvalidInput("不对", code="own-code", errors=[FieldError("/name", "too-odd", "太怪")]),
    "unavailable": lambda: Unavailable("the peer timed out"),
    "pool": PoolTimeout,
    "refused-connection": ConnectionRefusedError,
    "unforeseen": lambda: RuntimeError("secret 11010519491231002X"),
}


def decide_thing(thing: Thing) -> Answer:
    if thing.count == 13:
        raise Conflict("这个数不行")
    return Answer(result=thing.name)


def router() -> Router:
    made = Router()

    @made.post("/things", status_code=201)
    async def create(caller: Writer, thing: Thing) -> Answer:
        return Answer(result=thing.name)

    @made.post("/keyed", status_code=201)
    async def create_once(caller: Writer, keyed: Keyed, thing: Thing) -> Answer:
        return Answer(result=f"{keyed.scope}|{keyed.body_digest.hex()}")

    @made.get("/things")
    async def listed(caller: Reader, paging: Paging) -> Page[int]:
        after = paging.after(int)
        start = int(after[0]) + 1 if after else 1
        rows = range(start, min(start + paging.limit + 1, 8))
        return page_of(rows, paging.limit, key=lambda row: [row], show=lambda row: row)

    @made.get("/things/{number}")
    async def one(caller: Reader, number: Annotated[int, Path(ge=1, le=2**31)], known: IfNoneMatch) -> Answer:
        return Answer(result="304" if known.has(3) else etag(3))

    @made.put("/things/{number}")
    async def change(caller: Writer, number: int, expected: IfMatch, thing: Thing) -> Answer:
        expected.require(3)
        return Answer(result="changed")

    @made.post("/uploads")
    @streamed("application/x-ndjson", "text/csv", limit=lambda context: context.settings.max_upload_bytes)
    async def upload(caller: Writer, request: Request) -> Answer:
        return Answer(result=str(sum([len(part) async for part in request.stream()])))

    @made.post("/trials/things/batch", response_class=StreamingResponse, responses=NDJSON_ANSWER)
    @streamed(NDJSON, limit=lambda _context: 400_000)
    async def try_out(caller: Trier, request: Request) -> StreamingResponse:
        return trial_lines(request, Thing, decide_thing)

    @made.get("/failures/{name}")
    async def fail(caller: Reader, name: str, note: Annotated[str | None, Query(max_length=5)] = None) -> Answer:
        failure = FAILURES[name]()
        raise failure

    @made.get("/me")
    async def me(caller: Reader) -> Answer:
        return Answer(result=caller.agency())

    return made


class Issuer:
    """Signs what a test asks for, and answers the key set as a transport."""

    def __init__(self, clock: AdvancingClock) -> None:
        self.clock = clock
        self.keys = {KID: ec.generate_private_key(ec.SECP256R1())}
        self.requests = 0
        self.is_down = False

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        base = {"iss": ISSUER, "aud": AUDIENCE, "sub": "clerk-1", "iat": now, "exp": now + 600}
        base |= {"scope": "things:read things:write trials:run", "admdvs": "370100"} | changes
        return {name: value for name, value in base.items() if value is not None}

    def token(self, kid: str = KID, **changes: Any) -> str:
        return jwt.encode(self.claims(**changes), self.keys[kid], algorithm="ES256", headers={"kid": kid})

    def answer(self, _request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.is_down:
            raise httpx.ConnectError("down")
        entries = [
            json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "alg": "ES256", "use": "sig"}
            for kid, key in self.keys.items()
        ]
        return httpx.Response(200, json={"keys": entries})


@pytest.fixture
def issuer(clock: AdvancingClock) -> Issuer:
    return Issuer(clock)


@pytest.fixture
def tokens(issuer: Issuer, clock: AdvancingClock) -> TokenVerifier:
    http = httpx.AsyncClient(transport=httpx.MockTransport(issuer.answer))
    return TokenVerifier(KeySet("http://issuer/jwks", http, clock), issuer=ISSUER, audience=AUDIENCE, clock=clock)


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def app(tokens: TokenVerifier, health: Health) -> FastAPI:
    settings = SimpleNamespace(max_body_bytes=2000, max_upload_bytes=5000)
    context: Any = SimpleNamespace(settings=settings, tokens=tokens, health=health)
    return create_app("测试服务", "1.0", [router()], context)


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def client(stranger: httpx.AsyncClient, issuer: Issuer) -> httpx.AsyncClient:
    """A client with a good token."""
    stranger.headers["Authorization"] = f"Bearer {issuer.token()}"
    return stranger
