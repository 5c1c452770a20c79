"""One size in one form: a fresh database, generated files, the floor, the import, and the comparison line by line."""

import asyncio
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import text

from bench.known import files
from bench.known.__main__ import WORLD
from bench.known.comparison import Comparison, compare
from bench.known.files import Written
from bench.known.outcomes import outcomes
from bench.known.records import keep_records
from bench.known.world import Form
from bench.ledger.floor import run_floor
from bench.ledger.importing import NOW, Took, import_file, registry_of, signers_of
from bench.processes import postgres_seconds
from bench.server import settings
from ledger.domain.restated import StatementRestated
from shared.database import Database
from shared.database.migrations import migrate
from stack.databases import provision
from stack.postgres import EmbeddedPostgres

_SERVICE = "ledger"


@dataclass(frozen=True, slots=True)
class Ran:
    """What one size came to."""

    form: Form
    lines: int
    size_bytes: int
    took: Took
    postgres_seconds: float
    floor_seconds: float
    comparison: Comparison


def run(form: Form, lines: int, seed: int) -> Ran:
    """Measure; raises ``SystemExit`` where the import fails or a repeated file is not recognised."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as name:
        folder = Path(name)
        written = files.write_all(WORLD, form, lines, seed, folder)
        with EmbeddedPostgres(folder / "pg", settings()) as server:
            return asyncio.run(_run(server, written, form, lines, seed))


async def _run(server: EmbeddedPostgres, written: Written, form: Form, lines: int, seed: int) -> Ran:
    folder, pid = server.folder.parent, server.pid or 0
    made = (await provision(server.admin_url, [_SERVICE], passwords_file=folder / "passwords.json"))[_SERVICE]
    await migrate(_SERVICE, made.owner_url, made.app_role)
    database = Database(made.app_url, pool_size=2)
    try:
        async with database.transaction() as connection:
            await keep_records(connection, WORLD, written.dues, now=NOW)
        owner = made.owner_url.replace("postgresql+asyncpg", "postgresql")
        await settle(owner)
        floor_seconds = await run_floor(owner, written.lines)
        before = postgres_seconds(pid)
        took = await asyncio.to_thread(import_apart, made.app_url, 0, written)
        used = postgres_seconds(pid) - before
        async with database.transaction() as connection:
            found = await compare(files.read_answers(written), outcomes(connection, WORLD))
        await _bring_again(database, written, form, seed)
    finally:
        await database.dispose()
    size = sum(path.stat().st_size for path in written.files)
    return Ran(form, lines, size, took, used, floor_seconds, found)


async def settle(url: str) -> None:
    """What autovacuum would have done by the time that so many records were there."""
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def import_apart(url: str, place: int, written: Written) -> Took:
    """Take the files of the agency at ``place`` in, by a process of their own; ends this one where that fails."""
    command = [sys.executable, "-m", "bench.ledger.importing", url, str(place), *map(str, written.files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return Took(**json.loads(done.stdout))


async def _bring_again(database: Database, written: Written, form: Form, seed: int) -> None:
    """The same file is known, and one that tells the same days otherwise is refused whole."""
    registry, signers = registry_of(WORLD), signers_of(WORLD)
    await import_file(database, written.files[-1], WORLD.admdvs, registry=registry, signers=signers)
    async with database.connection() as connection:
        if await connection.scalar(text("SELECT count(*) FROM statement_file")) != len(written.files):
            raise SystemExit("the same file was taken in again")
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        other = files.write_all(WORLD, form, 1000, seed + 1, Path(folder))
        try:
            await import_file(database, other.files[-1], WORLD.admdvs, registry=registry, signers=signers)
        except StatementRestated:
            return
    raise SystemExit("a restated file was taken in")
