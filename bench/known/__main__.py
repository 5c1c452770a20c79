"""``python -m bench.known FOLDER [csv|xml] [LINES] [SEED]``: statements, records and answers for a ledger of Jinan."""

import sys
from datetime import date
from pathlib import Path

from bench.known.files import write_all
from bench.known.world import Account, Form, Other, World

LINES, SEED = 10_000, 1
OTHERS = (Other("110000", "62020002", "62020001"), Other("320100", "62030002", "62030001"))


def world_of(place: int) -> World:
    """An agency of Shandong by its ``place``, from 0 (Jinan) on: each with accounts of its own, paid by the same."""
    accounts = {Account.INCOME: f"6201{place}001", Account.EXPENDITURE: f"6201{place}002"}
    return World(f"37{place + 1:02}00", accounts, f"6201{place}003", OTHERS, date(2026, 2, 2), 20)


WORLD = world_of(0)


def main() -> None:
    """Write the files."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    form = Form(sys.argv[2]) if len(sys.argv) > 2 else Form.CSV
    lines = int(sys.argv[3]) if len(sys.argv) > 3 else LINES
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else SEED
    written = write_all(WORLD, form, lines, seed, folder)
    print(f"{lines} 笔，SEED={seed}：{'、'.join(str(path) for path in (*written.files, written.dues))}")


if __name__ == "__main__":
    main()
