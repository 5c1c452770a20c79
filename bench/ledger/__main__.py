"""``python -m bench.ledger``: lines a second through import, match and books, each line compared with its answer.

``LEDGER_LINES`` (sizes, with commas), ``LEDGER_FORMS`` (``csv``, ``xml``) and ``SEED`` from the environment.
``LEDGER_AGENCIES`` (more than 1) asks instead what so many agencies take in at the same time, beside one alone. Exit
code 0 when every line became what its answer says, however fast.
"""

import os
import sys

import psutil
from rich.console import Console

from bench.known.world import Form
from bench.ledger import side_by_side
from bench.ledger.result import differences, said, table
from bench.ledger.run import Ran, run
from bench.ledger.side_by_side import Turn, run_side_by_side
from bench.server import settings

_SIZES, _FORMS, _SEED = "10000,100000,1000000", "csv,xml", "1"
_WIDTH_WITHOUT_TERMINAL = 190


def main() -> int:
    """Run every size in both forms; gives the exit code."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL)
    sizes = [int(size) for size in os.environ.get("LEDGER_LINES", _SIZES).split(",")]
    forms = [Form(form) for form in os.environ.get("LEDGER_FORMS", _FORMS).split(",")]
    seed = int(os.environ.get("SEED", _SEED))
    console.print(f"账簿：SEED={seed} CPU={os.cpu_count()} 负载={psutil.getloadavg()[0]:.1f}", markup=False)
    console.print("PostgreSQL：" + "，".join(f"{name} {value}" for name, value in settings().items()), markup=False)
    agencies = int(os.environ.get("LEDGER_AGENCIES", "1"))
    wrong = _at_once(console, sizes, forms, seed, agencies) if agencies > 1 else _alone(console, sizes, forms, seed)
    for text in wrong:
        console.print(text, markup=False, soft_wrap=True)
    return 1 if wrong else 0


def _at_once(console: Console, sizes: list[int], forms: list[Form], seed: int, agencies: int) -> list[str]:
    """What did not become what its answer says, in words."""
    turns: list[Turn] = []
    for lines in sizes:
        for form in forms:
            console.print(f"{form.name}，各 {lines} 笔：一个机构单独、{agencies} 个机构同时……", markup=False)
            turns += run_side_by_side(form, lines, seed, agencies)
    console.print(side_by_side.table(turns))
    return [text for turn in turns for one in turn.comparisons for text in differences(turn.form, turn.lines, one)]


def _alone(console: Console, sizes: list[int], forms: list[Form], seed: int) -> list[str]:
    """The same of one agency, with the floor beside it."""
    ran: list[Ran] = []
    for lines in sizes:
        for form in forms:
            console.print(f"{form.name}，{lines} 笔：生成、导入、逐笔核对……", markup=False)
            ran.append(run(form, lines, seed))
            console.print(said(ran[-1]), markup=False)
    console.print(table(ran))
    return [text for each in ran for text in differences(each.form, each.lines, each.comparison)]


if __name__ == "__main__":
    sys.exit(main())
