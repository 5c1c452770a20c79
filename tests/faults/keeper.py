"""Starts again whatever dies, as an orchestrator would, and remembers what died and how."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from stack.errors import ProcessEnded
from stack.local_stack import LocalStack

_LOOK_SECONDS = 0.05
STOP_SECONDS = 10.0


class Keeper:
    """Keeps the stack's processes running. ``killed`` names every process that died of SIGKILL, as often as it did.

    ``deviations`` are deaths of any other kind, and stops that were late or not clean; ``slowest_stop`` says whose
    it was and how many seconds it took.
    """

    def __init__(self, stack: LocalStack) -> None:
        self.killed: list[str] = []
        self.deviations: list[str] = []
        self.slowest_stop = ("", 0.0)
        self._stack = stack
        self._ready = {name: asyncio.Event() for name in stack.processes}
        self._is_stopping = False

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Keep everything running while the block runs; raises what kept a process from coming back."""
        async with asyncio.TaskGroup() as group:
            watching = [group.create_task(self._watch(name), name=f"keep {name}") for name in self._ready]
            yield
            for task in watching:
                task.cancel()

    async def all_ready(self, *, within_seconds: float) -> None:
        """Wait until every process is ready."""
        async with asyncio.timeout(within_seconds):
            await asyncio.gather(*(ready.wait() for ready in self._ready.values()))

    async def has_buried(self, name: str, *, times: int, within_seconds: float) -> None:
        """Wait until ``name`` has died of SIGKILL so many times, and each was noticed."""
        async with asyncio.timeout(within_seconds):
            while self.killed.count(name) < times:  # noqa: ASYNC110 - the system tells nobody
                await asyncio.sleep(_LOOK_SECONDS)

    async def terminate_all(self) -> None:
        """SIGTERM to every process at the same moment; they are started again when all have ended."""
        self._is_stopping = True
        try:
            await asyncio.gather(*(self._terminate(name) for name in self._ready))
        finally:
            self._is_stopping = False

    async def _terminate(self, name: str) -> None:
        self._ready[name].clear()
        began = time.monotonic()
        code = await self._stack.stop(name)
        took = time.monotonic() - began
        self.slowest_stop = max(self.slowest_stop, (name, took), key=lambda stop: stop[1])
        if code != 0 or took >= STOP_SECONDS:
            self.deviations.append(f"{name} ended with {code} {took:.1f} s after SIGTERM")

    async def _watch(self, name: str) -> None:
        with suppress(asyncio.CancelledError):
            while True:
                if not self._is_stopping:
                    await self._look_after(name)
                await asyncio.sleep(_LOOK_SECONDS)

    async def _look_after(self, name: str) -> None:
        child = self._stack.processes[name].child
        if child.is_running:
            self._ready[name].set()
            return
        self._ready[name].clear()
        if child.returncode == -signal.SIGKILL:
            self.killed.append(name)
        elif child.returncode != 0:
            self.deviations.append(f"{name} ended by itself with {child.returncode}")
        with suppress(ProcessEnded):  # killed again while it starts: seen and counted by the next look
            await self._stack.start(name)
