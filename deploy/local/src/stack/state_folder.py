"""The state folder: one stack at a time, and the same ports after a restart."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stack.errors import StackInUse
from stack.ports import free_ports, is_listening


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this launcher; raises ``StackInUse`` when another one has it.

    The lock ends with the launcher's process, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackInUse(f"{folder} 正由另一个进程使用（another stack runs on this folder）") from error
        yield


def ports_for(names: Sequence[str], file: Path) -> dict[str, int]:
    """A port for each name: the one of last time where it is still free, so that addresses stay the same."""
    known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    kept = {name: port for name, port in known.items() if name in names and not is_listening(port)}
    missing = [name for name in names if name not in kept]
    ports = kept | dict(zip(missing, free_ports(len(missing)), strict=True))
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(known | ports, indent=1, sort_keys=True))
    os.replace(partial, file)
    return ports
