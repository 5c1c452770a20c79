"""Everything on one machine: ``async with LocalStack(Options(state=folder)) as stack: ...``."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from importlib.util import find_spec
from types import TracebackType
from typing import Self

from shared.clock import SystemClock
from shared.contracts.party import Role
from stack import service_settings
from stack.areas import SeedArea, read_areas
from stack.broker import Broker, EmbeddedBroker, GivenBroker
from stack.clean import end_all
from stack.databases import ServiceDatabase, provision
from stack.errors import StackError
from stack.issuer import Issuer
from stack.kafka import RealKafka
from stack.keys import PACKAGES, SM2, KeyFolder
from stack.options import Options
from stack.postgres import EmbeddedPostgres, GivenPostgres
from stack.registry_loader import load_registry
from stack.service import Launch, ServiceProcess
from stack.state_folder import locked, ports_for
from stack.tokens import Tokens

SERVICES = tuple(PACKAGES.values())
PLATFORM_GATEWAY = PACKAGES[Role.PLATFORM]
AGENCY_SERVICES = tuple(package for package in SERVICES if package != PLATFORM_GATEWAY)


class LocalStack:
    """Database, broker, issuer and the four services as processes, with keys, registry and tokens.

    Inside the block everything is ready. Leaving it stops everything in order; the data stays in
    ``options.state`` for the next one. Raises ``StackInUse``, ``NotReady``, ``ProcessEnded`` or ``ToolMissing``.

    ``agencies``: codes of the connected areas. ``urls``: package → base URL. ``processes``: by name, which is the
    package, or ``<package>-api`` and ``<package>-worker`` where split. ``timings``: seconds by step.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.areas: tuple[SeedArea, ...] = () if options.registry is None else read_areas(options.registry)
        self.agencies = tuple(area.admdvs for area in self.areas if area.is_connected)
        self.keys = KeyFolder(options.state / "keys")
        self.postgres = _postgres(options)
        self.broker = _broker(options)
        self.databases: Mapping[str, ServiceDatabase] = {}
        self.processes: dict[str, ServiceProcess] = {}
        self.urls: dict[str, str] = {}
        self.timings: dict[str, float] = {}
        self._issuer: Issuer | None = None
        self._launches: dict[str, Launch] = {}
        self._closing = AsyncExitStack()

    @property
    def issuer(self) -> Issuer:
        """The development issuer; known once the stack has been entered."""
        if self._issuer is None:
            raise StackError("the stack has not been started")
        return self._issuer

    @property
    def tokens(self) -> Tokens:
        """Mints tokens for tests and for people."""
        return self.issuer.tokens()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._closing.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closing.aclose()

    async def start(self, name: str) -> None:
        """Start a stopped or killed process of ``processes`` and wait until it is ready."""
        await self.processes[name].start()

    async def stop(self, name: str) -> int | None:
        """Stop a process cleanly; gives its return code."""
        return await self.processes[name].stop()

    def kill(self, name: str) -> None:
        """SIGKILL a process."""
        self.processes[name].kill()

    async def restart(self, name: str) -> None:
        """Stop a process cleanly and start it again on the same port."""
        await self.stop(name)
        await self.start(name)

    def memory_bytes(self) -> dict[str, int]:
        """Resident memory of every service process."""
        return {name: process.memory_bytes() for name, process in self.processes.items()}

    async def _start(self) -> None:
        state = self.options.state
        state.mkdir(parents=True, exist_ok=True)
        self._closing.enter_context(locked(state))
        await asyncio.to_thread(end_all, state)
        names = [*SERVICES, *(f"{package}-worker" for package in SERVICES), "issuer"]
        ports = ports_for(names, state / "ports.json")
        self.urls = {package: f"http://127.0.0.1:{ports[package]}" for package in SERVICES}
        with self._timed("infrastructure"):
            await self._start_infrastructure(ports["issuer"])
        self._launches = {package: self._launch(package) for package in SERVICES}
        self._define_processes(ports)
        self._closing.push_async_callback(self._stop_services)
        with self._timed("platform and migrations"):
            await asyncio.gather(self._start_platform(), *(self._prepare(each) for each in AGENCY_SERVICES))
        with self._timed("agency services"):
            await asyncio.gather(*(self._start_package(each) for each in AGENCY_SERVICES))

    async def _start_infrastructure(self, issuer_port: int) -> None:
        state = self.options.state
        self.keys.ensure(self.agencies, sm2_agencies=self._sm2_agencies())
        self._issuer = Issuer(
            state / "issuer", issuer_port, logs=state / "logs", env=service_settings.inherited(), clock=SystemClock()
        )
        self._closing.callback(self._issuer.stop)
        await asyncio.gather(
            self._start_database(), self._run(self.broker.start, self.broker.stop), self._issuer.start()
        )

    async def _start_database(self) -> None:
        await self._run(self.postgres.start, self.postgres.stop)
        passwords = self.options.state / "passwords.json"
        self.databases = await provision(self.postgres.admin_url, SERVICES, passwords_file=passwords)

    async def _start_platform(self) -> None:
        """The platform comes first: the others then find the whole registry when they start."""
        await self._prepare(PLATFORM_GATEWAY)
        await self._start_package(PLATFORM_GATEWAY)
        if self.areas:
            await load_registry(self.areas, self.urls, self.keys, self.tokens)

    async def _prepare(self, package: str) -> None:
        launch = self._launches[package]
        migrating = launch.run("migrate", MIGRATION_DATABASE_URL=self.databases[package].owner_url)
        if self.options.kafka == "embedded":  # there topics appear by themselves, and cannot be made
            await migrating
        else:
            await asyncio.gather(migrating, launch.run("topics"))

    def _define_processes(self, ports: Mapping[str, int]) -> None:
        for package, launch in self._launches.items():
            roles = {"api": package, "worker": f"{package}-worker"} if self.options.is_split else {"all": package}
            for role, port_name in roles.items():
                process = launch.process(role, ports[port_name])
                self.processes[process.name] = process

    async def _start_package(self, package: str) -> None:
        mine = [process for name, process in self.processes.items() if name.partition("-")[0] == package]
        await asyncio.gather(*(process.start() for process in mine))

    async def _stop_services(self) -> None:
        await asyncio.gather(*(process.stop() for process in self.processes.values()))

    def _launch(self, package: str) -> Launch:
        return Launch(
            package=package,
            command=self.options.command(package),
            env={
                **service_settings.inherited(),
                **service_settings.of_package(
                    package,
                    agencies=self.agencies,
                    database=self.databases[package],
                    kafka=self.broker.bootstrap,
                    keys=self.keys,
                    platform_url=self.urls[PLATFORM_GATEWAY],
                    issuer=self.issuer,
                ),
                **self.options.settings_of(package),
            },
            logs=self.options.state / "logs",
        )

    def _sm2_agencies(self) -> set[str]:
        """The areas that sign with SM2, where this machine can."""
        can_sign = find_spec("tongsuopy") is not None
        return {area.admdvs for area in self.areas if can_sign and area.signature_algorithm == SM2}

    async def _run(self, start: Callable[[], None], stop: Callable[[], None]) -> None:
        """Start something in a thread, to its end even when we are cancelled, so that it can be stopped."""
        self._closing.push_async_callback(asyncio.to_thread, stop)
        starting = asyncio.ensure_future(asyncio.to_thread(start))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait({starting})
            raise

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.timings[step] = time.monotonic() - began


def _postgres(options: Options) -> EmbeddedPostgres | GivenPostgres:
    if options.database_url is not None:
        return GivenPostgres(options.database_url)
    return EmbeddedPostgres(options.state / "postgres")


def _broker(options: Options) -> Broker:
    if options.kafka == "embedded":
        return EmbeddedBroker(options.state / "broker")
    if options.kafka == "real":
        return RealKafka(options.state / "kafka")
    return GivenBroker(options.kafka)
