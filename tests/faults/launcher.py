"""``python -m tests.faults.launcher <package> <command>``: the ordinary command line with traps at its seams.

It wraps what the design names as seams; nothing of it is in what ships.
"""

import os
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import engine
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.runtime.command import main
from tests.faults.points import FOLDER_VARIABLE, Point, Trap, process_name

Step = Callable[..., Awaitable[Any]]

_HAS_WRITTEN = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")


def _before(owner: object, name: str, trap: Trap) -> None:
    """Let the process die before ``owner.name`` begins; a call with nothing to do does not count."""
    step: Step = getattr(owner, name)

    @wraps(step)
    async def trapped(self: object, *work: Any) -> Any:
        if work[-1]:
            trap.reached()
        return await step(self, *work)

    setattr(owner, name, trapped)


def _around_commit(before: Trap, after: Trap) -> None:
    """Let the process die around the commit of a transaction that has written something."""
    commit = engine.commit

    async def trapped(connection: AsyncConnection) -> None:
        is_watched = before.is_laid or after.is_laid
        has_written = is_watched and bool(await connection.scalar(_HAS_WRITTEN))
        if has_written:
            before.reached()
        await commit(connection)
        if has_written:
            after.reached()

    setattr(engine, "commit", trapped)  # noqa: B010 - a seam is replaced, which an assignment would hide


def _lay_seams(folder: Path, package: str, role: str) -> None:
    def trap(point: Point) -> Trap:
        return Trap(folder, process_name(package, role), point)

    _around_commit(trap(Point.BEFORE_COMMIT), trap(Point.AFTER_COMMIT_BEFORE_RESPONSE))
    _before(Relay, "publish", trap(Point.AFTER_COMMIT_BEFORE_PUBLISH))
    _before(Consumer, "send_receipts", trap(Point.AFTER_COMMIT_BEFORE_RECEIPTS))
    _before(Relay, "mark", trap(Point.AFTER_PUBLISH_BEFORE_MARK))
    _before(Consumer, "commit_offsets", trap(Point.BEFORE_OFFSET_COMMIT))


def run(package: str, command: str) -> int:
    """The service's own command line; the exit status."""
    if command in ("api", "worker"):
        _lay_seams(Path(os.environ[FOLDER_VARIABLE]), package, command)
    return main(package, lambda: import_module(f"{package}.service").SERVICE, [command])


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
