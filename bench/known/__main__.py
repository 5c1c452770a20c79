"""``python -m bench.known FOLDER [LINES] [SEED]``: statements, records and answers for a ledger of Jinan."""

import sys
from datetime import date
from pathlib import Path

from bench.known.files import write_all
from bench.known.world import World

_LINES, _SEED = 10_000, 1
WORLD = World("370100", "62010001", {"62020001": "110000", "62030001": "320100"}, date(2026, 3, 2), 20)


def main() -> None:
    """Write the files."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    lines = int(sys.argv[2]) if len(sys.argv) > 2 else _LINES
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else _SEED
    write_all(WORLD, lines, seed, folder)
    print(f"{lines} 笔，SEED={seed}：{folder}")


if __name__ == "__main__":
    main()
