"""``python -m stack.clean``: end what killed launchers left behind and remove the state folder."""

import shutil
import sys
from pathlib import Path

from stack.child import end_leftovers
from stack.errors import StackInUse
from stack.paths import STATE
from stack.postgres import end_left_running
from stack.state_folder import locked


def end_all(state: Path) -> list[int]:
    """End every process that works on a stack's state folder although its launcher is gone; gives their ids."""
    ended = [pid for folder in _folders_with_pids(state) for pid in end_leftovers(folder)]
    database = end_left_running(state / "postgres")
    return ended if database is None else [*ended, database]


def start_afresh(state: Path) -> None:
    """Leave the folder ``state`` empty for the next stack; raises ``StackInUse``."""
    with locked(state):
        end_all(state)
        for path in state.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "lock":
                path.unlink()


def main() -> int:
    """Clean every stack's folder; a running stack is left alone and said."""
    for folder in sorted(STATE.glob("*/")):
        try:
            with locked(folder):
                end_all(folder)
                shutil.rmtree(folder)
        except StackInUse as error:
            print(error)
            return 1
    return 0


def _folders_with_pids(state: Path) -> list[Path]:
    return sorted(
        {path.parent for path in (*state.glob("*.pid"), *state.glob("*/*.pid")) if "postmaster" not in path.name}
    )


if __name__ == "__main__":
    sys.exit(main())
