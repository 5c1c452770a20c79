"""``python -m demo.finance_day``: on a stack that ``make up`` keeps running, make what a finance clerk's day needs."""

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from demo.errors import DemoError
from demo.finance_day.cases import AGENCY, carry_to_finance
from demo.finance_day.files import DayFile, write_files
from demo.finance_day.running import at_running_stack
from stack.errors import StackError


def main() -> int:
    """The command line; 0 when the day can begin."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.finance_day", description="财务人员的一天：准备办件和银行文件"
    )
    parser.add_argument("--state", type=Path, default=Path(".state/up"), help="make up 的数据文件夹")
    chosen = parser.parse_args()
    console = Console(highlight=False)
    folder = chosen.state / "finance-day"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        files = asyncio.run(_prepare(chosen.state, folder, console))
    except (DemoError, StackError) as error:
        console.print(f"没有准备好：{error}", markup=False, soft_wrap=True)
        return 1
    _show(files, console)
    return 0


async def _prepare(state: Path, folder: Path, console: Console) -> tuple[DayFile, ...]:
    async with at_running_stack(state) as world:
        console.print(f"办理 {AGENCY} 的转入和转出办件，直到轮到财务……", markup=False)
        incoming = await carry_to_finance(world)
        return await write_files(world, incoming, folder)


def _show(files: tuple[DayFile, ...], console: Console) -> None:
    table = Table(title="银行文件已备好", title_justify="left")
    for column in ("文件", "账户", "金额（元）", "附言", "这一笔"):
        table.add_column(column, overflow="fold")
    for file in files:
        for line in file.lines:
            table.add_row(file.path.name, file.account, line.amount, line.note, line.story)
    console.print(table)
    console.print(f"文件夹：{files[0].path.parent}；接着做 docs/finance-day.md 的步骤。", markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
