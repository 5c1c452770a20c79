"""All four services and the development issuer in one process, on real databases and real HTTP; the test is the broker.

What they are put together from is what ships: settings, ``build_context``, ``build_app``, loops. Only the records
between them are carried by hand (``run``), so that a test decides what arrives where.
"""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr
from sqlalchemy import text

from inbound.service import SERVICE as INBOUND_SERVICE
from ledger.service import SERVICE as LEDGER_SERVICE
from outbound.service import SERVICE as OUTBOUND_SERVICE
from platform_gateway.service import SERVICE as PLATFORM_SERVICE
from shared.contracts.party import PLATFORM, Party, Role
from shared.database import Database
from shared.messaging import feed
from shared.messaging.intake import Intake
from shared.messaging.record import Record
from shared.runtime.loops import Loop
from shared.runtime.service import Service
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from shared.web.authentication import scopes_by_route
from shared.web.development_issuer.app import create_issuer
from shared.web.development_issuer.clients import Client, Clients
from shared.web.development_issuer.signing_key import SigningKey
from tests.clocks import AdvancingClock
from tests.databases import Postgres
from tests.embedded_server import EmbeddedServer
from tests.plain_http import plain_client
from tests.registry import AREAS, register

SERVICES: Mapping[str, Service[Any, Any]] = {
    service.package: service for service in (PLATFORM_SERVICE, OUTBOUND_SERVICE, INBOUND_SERVICE, LEDGER_SERVICE)
}
_ISSUER, _AUDIENCE, _CLIENT = "https://issuer.test", "transfer", "service"
_EXCHANGE_LOOPS = frozenset(("relay", "consumer", "retention"))
_ROUNDS, _TURNS = 40, 200


@dataclass
class Running:
    """One service: its address, its context, what may be called with which scope."""

    package: str
    url: str
    context: Any
    app: Any
    owner_url: str

    @property
    def database(self) -> Database:
        """Its database."""
        database: Database = self.context.database
        return database

    @property
    def intake(self) -> Intake:
        """Where records from the broker go in."""
        intake: Intake = self.context.exchange.consumer._intake
        return intake

    @property
    def scopes(self) -> str:
        """Every scope that any of its routes asks for."""
        return " ".join(sorted({scope for scopes in scopes_by_route(self.app).values() for scope in scopes}))

    async def rows(self, query: str, **values: Any) -> Sequence[Mapping[str, Any]]:
        """What a query finds."""
        async with self.database.connection() as connection:
            return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]

    async def alter(self, statement: str) -> None:
        """Change the schema, as nobody should."""
        owner = Database(self.owner_url, pool_size=1)
        async with owner.transaction() as connection:
            await connection.execute(text(statement))
        await owner.dispose()

    async def counts(self, *without: str) -> dict[str, int]:
        """How many rows every table has."""
        listed = await self.rows(
            "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        )
        names = sorted(row["name"] for row in listed if row["name"] not in without)
        union = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS rows FROM {name}" for name in names)  # noqa: S608
        return {row["name"]: row["rows"] for row in await self.rows(union)}


@dataclass
class FourServices:
    """Everybody, with everybody's keys and tokens."""

    clock: AdvancingClock
    signers: Signers
    root: PrivateKey
    issuer: SigningKey
    issuer_url: str
    running: dict[str, Running] = field(default_factory=dict)
    http: httpx.AsyncClient = field(init=False)
    _carried: set[Any] = field(default_factory=set)
    _numbers: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.http = plain_client(timeout=30)

    def __getitem__(self, package: str) -> Running:
        return self.running[package]

    def token(self, package: str, **claims: Any) -> str:
        """A token for a service: platform-wide with all of its scopes, unless ``claims`` say otherwise."""
        every = {"sub": "tester", "name": "测试员", "admdvs": "*"}
        if "scope" not in claims:
            every["scope"] = self.running[package].scopes
        return self.issuer.mint(every | claims, now=self.clock.now(), lifetime=timedelta(hours=12))

    async def call(
        self, package: str, method: str, path: str, *, claims: Mapping[str, Any] | None = None, **options: Any
    ) -> httpx.Response:
        """Call a route below ``/v1`` a moment after the last call; a POST gets a fresh key unless one is given."""
        self.clock.advance(milliseconds=1)
        headers = {"Authorization": f"Bearer {self.token(package, **(claims or {}))}"}
        if method == "POST":
            headers["Idempotency-Key"] = f"key-{next(self._numbers)}"
        headers |= options.pop("headers", {})
        return await self.http.request(
            method, f"{self.running[package].url}/v1{path}", headers=headers, timeout=30, **options
        )

    async def done(self, package: str, method: str, path: str, **options: Any) -> Any:
        """The JSON of a call that has to succeed."""
        answer = await self.call(package, method, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def run(self) -> None:
        """Turn every loop and carry every message until nothing moves any more."""
        for _ in range(_ROUNDS):
            self.clock.advance(milliseconds=1)
            moved = [await self.turn(service) for service in self.running.values()]
            moved += [await self._carry(service) for service in self.running.values()]
            if not any(moved):
                return
        raise AssertionError("the four services do not come to rest")

    async def turn(self, service: Running) -> bool:
        """Turn each of a service's own loops until it rests; whether there was anything to do."""
        loops = SERVICES[service.package].build_loops(service.context)
        moved = [await _moved(loop) for loop in loops if loop.name not in _EXCHANGE_LOOPS]
        async with service.database.transaction() as connection:
            await feed.number(connection)  # the relay's work, beside sending
        return any(moved)

    async def _carry(self, service: Running) -> bool:
        rows = await service.rows("SELECT * FROM message_log ORDER BY message_id")
        new = [row for row in rows if (row["sender"], row["message_id"]) not in self._carried]
        self._carried |= {(row["sender"], row["message_id"]) for row in new}
        await self.deliver([record_of(row) for row in new])
        return bool(new)

    async def deliver(self, records: Sequence[Record]) -> None:
        """Records come to whoever reads their topic, and the receipts for them come back."""
        for topic in sorted({record.topic for record in records}):
            receiver = self.reader_of(topic)
            if receiver is not None:
                answers = await receiver.intake.take([record for record in records if record.topic == topic])
                await self.deliver(answers)

    def reader_of(self, topic: str) -> Running | None:
        """The service that reads ``topic``; None: an agency that takes no part here."""
        party = next(party for party in parties() if party.topic == topic)
        return self.running["platform_gateway" if party.role is Role.PLATFORM else party.role.value]


async def _moved(loop: Loop) -> bool:
    """Turn a loop as its worker does, again at once while there is more; whether there was anything."""
    for turn in range(_TURNS):
        if not await loop.turn():
            return turn > 0
    raise AssertionError(f"the loop {loop.name} does not come to rest")


def record_of(row: Mapping[str, Any]) -> Record:
    """The record that a row of the message log is sent as."""
    topic = Party.parse(row["recipient"]).topic
    return Record(topic, row["rlts_traf_id"], bytes(row["value"]), row["signature"], row["traceparent"])


def parties() -> list[Party]:
    """Everybody who has keys."""
    return [PLATFORM, *(Party(role, code) for code in AREAS for role in Role if role is not Role.PLATFORM)]


@asynccontextmanager
async def four_services(postgres: Postgres, folder: Path, **settings: Any) -> AsyncIterator[FourServices]:
    """Everything up, the areas registered; ``settings`` go to every service."""
    clock = AdvancingClock()
    pairs = {(party, purpose): PrivateKey.generate("ES256") for party in parties() for purpose in Purpose}
    root = PrivateKey.generate("ES256")
    _write_keys(folder / "keys", pairs, root)
    listening = {name: socket.create_server(("127.0.0.1", 0)) for name in ("issuer", *SERVICES)}
    urls = {name: f"http://127.0.0.1:{each.getsockname()[1]}" for name, each in listening.items()}
    key = SigningKey.load_or_make(folder / "issuer.pem", issuer=_ISSUER, audience=_AUDIENCE)
    system = FourServices(clock, Signers(pairs), root, key, urls["issuer"])
    async with AsyncExitStack() as stack:
        stack.push_async_callback(system.http.aclose)
        await stack.enter_async_context(_serving(_issuer_app(key, clock), listening["issuer"]))
        for package, service in SERVICES.items():
            fresh = await postgres.fresh(package)
            stack.push_async_callback(postgres.drop, fresh)
            given = service.settings.model_validate(_settings(fresh.app_url, folder, urls) | settings)
            build_context: Any = service.build_context  # each takes a clock as well
            context = await stack.enter_async_context(build_context(given, clock=clock))
            app = service.build_app(context)
            await stack.enter_async_context(_serving(app, listening[package]))
            system.running[package] = Running(package, urls[package], context, app, fresh.owner_url)
            if package == "platform_gateway":
                await register(system, pairs, urls)
        for package in ("outbound", "inbound", "ledger"):
            loops = SERVICES[package].build_loops(system[package].context)
            await next(loop for loop in loops if loop.name == "registry").turn()
        yield system


def _settings(database_url: str, folder: Path, urls: Mapping[str, str]) -> dict[str, Any]:
    return {
        "environment": "development",
        "database_url": database_url,
        "database_pool_size": 6,
        "agencies": tuple(AREAS),
        "auth_issuer": _ISSUER,
        "auth_audience": _AUDIENCE,
        "auth_jwks_url": f"{urls['issuer']}/jwks",
        "token_url": f"{urls['issuer']}/token",
        "client_id": _CLIENT,
        "client_secret": "not-a-secret",
        "platform_url": urls["platform_gateway"],
        "keys_dir": folder / "keys",
        "registry_root_key_file": folder / "keys" / "root-public.pem",
        "registry_seconds": 0,
        "kafka_bootstrap_servers": "127.0.0.1:9",
        "figures_hour": 24,
    }


def _issuer_app(key: SigningKey, clock: AdvancingClock) -> Any:
    claims = {"scope": "platform registry:read", "admdvs": "*"}
    client = Client(client_id=_CLIENT, client_secret=SecretStr("not-a-secret"), claims=claims)
    return create_issuer(key, Clients([client]), clock, lifetime=timedelta(hours=12))


def _write_keys(folder: Path, pairs: Mapping[tuple[Party, Purpose], PrivateKey], root: PrivateKey) -> None:
    for (party, purpose), pair in pairs.items():
        (folder / str(party)).mkdir(parents=True, exist_ok=True)
        (folder / str(party) / f"{purpose}.pem").write_text(pair.pem())
    (folder / "root.pem").write_text(root.pem())
    (folder / "root-public.pem").write_text(root.public_key)


@asynccontextmanager
async def _serving(app: Any, listening: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = EmbeddedServer(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
