"""Files of several agencies taken in at the same time, a process each, into one database; and of one alone before."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.known import files
from bench.known.__main__ import world_of
from bench.known.comparison import Comparison, compare
from bench.known.files import Written
from bench.known.outcomes import outcomes
from bench.known.records import keep_records
from bench.known.world import Form
from bench.ledger.importing import NOW, Took
from bench.ledger.run import import_apart, settle
from bench.processes import postgres_seconds
from bench.server import settings
from shared.database import Database
from shared.database.migrations import migrate
from stack.databases import provision
from stack.postgres import EmbeddedPostgres

_SERVICE, _MICRO = "ledger", 1_000_000


@dataclass(frozen=True, slots=True)
class Turn:
    """What some agencies took in at the same time, ``lines`` each, and the database's processor seconds for it."""

    form: Form
    lines: int
    took: Sequence[Took]
    postgres_seconds: float
    comparisons: Sequence[Comparison]

    @property
    def lines_a_second(self) -> float:
        """Of all together, at the pace of the slowest."""
        return self.lines * len(self.took) / max(took.seconds for took in self.took)


def run_side_by_side(form: Form, lines: int, seed: int, agencies: int) -> list[Turn]:
    """One agency alone, then so many others at once; raises ``SystemExit`` where an import fails."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as name:
        folder = Path(name)
        written = [
            files.write_all(world_of(place), form, lines, seed + place, _made(folder / str(place)))
            for place in range(agencies + 1)
        ]
        with EmbeddedPostgres(folder / "pg", settings()) as server:
            return asyncio.run(_run(server, written, form, lines))


def table(turns: Sequence[Turn]) -> Table:
    """A line for each turn."""
    found = Table(title="几个机构同时导入", title_justify="left", box=box.SIMPLE_HEAVY)
    for name in ("格式", "机构数", "每个机构笔数", "秒", "合计 笔/秒", "CPU 微秒/笔：程序＋数据库", "匹配错误"):
        found.add_column(name, justify="left" if name == "格式" else "right")
    for each in turns:
        all_lines = each.lines * len(each.took)
        program = sum(took.cpu_seconds for took in each.took) / all_lines * _MICRO
        found.add_row(
            each.form.name,
            str(len(each.took)),
            f"{each.lines:,}",
            "、".join(f"{took.seconds:.1f}" for took in each.took),
            f"{each.lines_a_second:,.0f}",
            f"{program:.0f}＋{each.postgres_seconds / all_lines * _MICRO:.0f}",
            str(sum(one.wrong_matches for one in each.comparisons)),
        )
    return found


async def _run(server: EmbeddedPostgres, written: Sequence[Written], form: Form, lines: int) -> list[Turn]:
    passwords = server.folder.parent / "passwords.json"
    made = (await provision(server.admin_url, [_SERVICE], passwords_file=passwords))[_SERVICE]
    await migrate(_SERVICE, made.owner_url, made.app_role)
    database = Database(made.app_url, pool_size=2)
    try:
        for place, one in enumerate(written):
            async with database.transaction() as connection:
                await keep_records(connection, world_of(place), one.dues, now=NOW)
        owner = made.owner_url.replace("postgresql+asyncpg", "postgresql")
        await settle(owner)
        turns = []
        for places in ([0], range(1, len(written))):
            before = postgres_seconds(server.pid or 0)
            took = await asyncio.gather(
                *(asyncio.to_thread(import_apart, made.app_url, place, written[place]) for place in places)
            )
            used = postgres_seconds(server.pid or 0) - before
            await settle(owner)
            async with database.transaction() as connection:
                found = [await _compared(connection, place, written[place]) for place in places]
            turns.append(Turn(form, lines, took, used, found))
        return turns
    finally:
        await database.dispose()


async def _compared(connection: AsyncConnection, place: int, written: Written) -> Comparison:
    return await compare(files.read_answers(written), outcomes(connection, world_of(place)))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
