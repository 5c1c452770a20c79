"""``python -m bench.ledger.lists [lines] [agencies]``: what clerks look at all day, beside millions of closed lines.

``KEEP=<folder>`` keeps the database for the next run, which only asks.

Exit code 1 when a list's p99 is 100 ms or more, or when a plan reads one of the large tables from end to end.
"""

import asyncio
import gc
import sys
import time
from random import Random

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.kept import made_once
from bench.ledger.made_lines import FILLED, make_lines
from bench.ledger.questions import Question, questions
from bench.plans import plan_of, statements
from shared.database import Database

_LINES, _AGENCIES, _ROUNDS, _AIM_SECONDS = 11_000_000, 100, 100, 0.1
# A crash while the rows are made costs nothing but the rows.
_HASTE = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "'8GB'"}
_IN_HASTE = [*(f"ALTER SYSTEM SET {name} = {value}" for name, value in _HASTE.items()), "SELECT pg_reload_conf()"]
_AS_BEFORE = [*(f"ALTER SYSTEM RESET {name}" for name in _HASTE), "SELECT pg_reload_conf()", "CHECKPOINT"]


def main() -> int:
    """Measure with as many lines and agencies as the arguments say; gives the exit code."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else _LINES
    agencies = int(sys.argv[2]) if len(sys.argv) > 2 else _AGENCIES
    return asyncio.run(_run(lines, agencies))


async def _run(lines: int, agencies: int) -> int:
    async def fill(admin: URL) -> None:
        began = time.perf_counter()
        await _fill(admin, lines=lines, agencies=agencies)
        took = time.perf_counter() - began
        print(f"{lines:,} 笔，{agencies} 个机构，十一分之一未结：造出用 {took:.0f} 秒", flush=True)

    async with made_once("ledger", {"lines": lines, "agencies": agencies}, fill) as made:
        database = Database(made.service.app_url, pool_size=2)
        # As a service does once it has started.
        gc.collect()
        gc.freeze()
        try:
            asked = questions(lines)
            bad = [name for name, question in asked.items() if not await _ask(database, name, question, agencies)]
        finally:
            await database.dispose()
    print(f"不合要求：{'、'.join(bad)}" if bad else "p99 都在 100 毫秒内，没有一个计划通读大表")
    return 1 if bad else 0


async def _fill(admin: URL, *, lines: int, agencies: int) -> None:
    """Make the rows, and do what autovacuum would have done by then."""
    await _outside(admin, *_IN_HASTE)
    engine = create_async_engine(admin)
    async with engine.begin() as connection:
        await make_lines(connection, lines=lines, agencies=agencies)
    await engine.dispose()
    await _outside(admin, "VACUUM ANALYZE", *_AS_BEFORE)


async def _outside(admin: URL, *statements: str) -> None:
    """Run what no transaction may hold."""
    engine = create_async_engine(admin, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def plans(database: Database, question: Question, admdvs: str) -> list[str]:
    """The plans of everything that a question asks the database."""
    with statements(database) as sent:
        async with database.connection() as connection:
            await question(connection, admdvs)
    async with database.connection() as connection:
        return [await plan_of(connection, each) for each in sent]


def read_whole(plan: str) -> list[str]:
    """The large tables that a plan reads from end to end."""
    return [table for table in FILLED if f"Seq Scan on {table} " in plan]


async def _ask(database: Database, name: str, question: Question, agencies: int) -> bool:
    random, times = Random(1), []
    for _ in range(_ROUNDS):
        admdvs = str(100_000 + random.randrange(agencies))
        async with database.connection() as connection:
            began = time.perf_counter()
            await question(connection, admdvs)
            times.append(time.perf_counter() - began)
    times.sort()
    whole = {table for plan in await plans(database, question, "100000") for table in read_whole(plan)}
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100 - 1]
    said = f"，通读 {'、'.join(sorted(whole))}" if whole else ""
    print(f"  {name}：p50 {p50 * 1000:.1f}，p99 {p99 * 1000:.1f} 毫秒{said}", flush=True)
    return p99 < _AIM_SECONDS and not whole


if __name__ == "__main__":
    sys.exit(main())
