"""``python -m bench.ledger.importing URL PLACE FILE…``: take an agency's bank files in as the service does.

Tells as JSON what it took. ``PLACE`` is the agency's (``bench.known.__main__.world_of``).

A process of its own, with the service loaded, so that the memory is that of a service which does nothing else.
"""

import asyncio
import hashlib
import importlib
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import anyio
from sqlalchemy import text

from bench.known.__main__ import world_of
from bench.known.world import Account, World
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from ledger.use_cases.import_notices import import_notices
from ledger.use_cases.import_statement import import_statement
from ledger.use_cases.new_file import NewFile
from ledger.use_cases.tell_next import tell_next
from shared.contracts.party import Party
from shared.database import Database
from shared.registry.models import RegistrySnapshot
from shared.registry.registry import Registry
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers

_TURNS = 5
_UNTOLD = text("SELECT count(*) FROM untold WHERE admdvs = :admdvs")
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock and of our processor; the most resident memory in bytes, before and in all.

    ``told_lines`` of those that were not told at once were told afterwards, in ``telling_seconds``, as the worker does.
    """

    reading_seconds: float
    booking_seconds: float
    told_lines: int
    telling_seconds: float
    cpu_seconds: float
    memory_before: int
    memory: int

    @property
    def seconds(self) -> float:
        """From the first byte until the commit."""
        return self.reading_seconds + self.booking_seconds


def main() -> None:
    """Import the files in their order."""
    importlib.import_module("ledger.service")
    paths = [Path(name) for name in sys.argv[3:]]
    print(json.dumps(asdict(asyncio.run(_import_all(sys.argv[1], world_of(int(sys.argv[2])), paths)))))


def registry_of(world: World) -> Registry:
    """The registry of a generated world."""
    ours = ((world.bankaccts[Account.INCOME], "receiver"), (world.bankaccts[Account.EXPENDITURE], "payer"))
    others = {one.admdvs: ((one.payee_bankacct, "receiver"), (one.payer_bankacct, "payer")) for one in world.others}
    areas = [_area(code, accounts) for code, accounts in ({world.admdvs: ours} | others).items()]
    head = {"version": 1, "issued_at": "2026-01-01T00:00:00Z", "platform_keys": []}
    return Registry(RegistrySnapshot.model_validate(head | {"areas": areas}))


async def import_file(
    database: Database, path: Path, admdvs: str, *, registry: Registry, signers: Signers
) -> tuple[UUID, float]:
    """Take one file of an agency in; its id, and how long reading it took. Raises as the use cases do."""
    began = time.perf_counter()
    with path.open("rb") as file:
        digest = await anyio.to_thread.run_sync(lambda: hashlib.file_digest(file, "sha256").hexdigest())
        size_bytes = file.tell()
        kind = FileKind(path.suffix.removeprefix("."))
        content = await anyio.to_thread.run_sync(lambda: open_statement_file(file, kind))
        reading = time.perf_counter() - began
        new = NewFile(admdvs, digest, size_bytes, "bench", content)
        async with database.transaction() as connection:
            if content.notices:
                return await import_notices(connection, new, registry=registry, now=NOW), reading
            return await import_statement(connection, new, registry=registry, signers=signers, now=NOW), reading


def signers_of(world: World) -> Signers:
    """A key for the ledger's messages."""
    return Signers({(Party.parse(f"ledger.{world.admdvs}"), Purpose.MESSAGE): PrivateKey.generate("ES256")})


async def _import_all(url: str, world: World, paths: Sequence[Path]) -> Took:
    registry, signers, database = registry_of(world), signers_of(world), Database(url, pool_size=2)
    await database.ping()
    before, cpu, began, reading = _memory(), time.process_time(), time.perf_counter(), 0.0
    for path in paths:
        _, seconds = await import_file(database, path, world.admdvs, registry=registry, signers=signers)
        reading += seconds
    took, used = time.perf_counter() - began, time.process_time() - cpu
    told, telling = await _tell(database, world.admdvs, signers)
    await database.dispose()
    return Took(reading, took - reading, told, telling, used, before, _memory())


async def _tell(database: Database, admdvs: str, signers: Signers) -> tuple[int, float]:
    """How many lines some turns of the worker told of, and how long it took."""
    async with database.connection() as connection:
        count = int(await connection.scalar(_UNTOLD, {"admdvs": admdvs}) or 0)
        began = time.perf_counter()
        for _ in range(_TURNS):
            async with database.transaction() as changing:
                await tell_next(changing, [admdvs], signers=signers, now=NOW)
        seconds = time.perf_counter() - began
        return count - int(await connection.scalar(_UNTOLD, {"admdvs": admdvs}) or 0), seconds


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _area(code: str, accounts: tuple[tuple[str, str], ...]) -> dict[str, object]:
    bank = {"acctname": "医保中心", "bankcode": "102451000018", "bank_name": "某某银行", "valid_from": "2020-01-01"}
    return {
        "admdvs": code,
        "name": code,
        "province": f"{code[:2]}0000",
        "city": code,
        "valid_from": "2000-01-01",
        "state": "connected",
        "keys": [],
        "bank_accounts": [bank | {"bankacct": number, "use": use} for number, use in accounts],
    }


if __name__ == "__main__":
    main()
