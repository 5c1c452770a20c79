"""Background loops: relay, consumer, timers. None of them ends by itself, and none fails in silence."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

import structlog

from shared.outages import is_outage
from shared.telemetry.metrics import LOOP_TURNS
from shared.telemetry.trace import trace
from shared.web.health import Health

IDLE_SECONDS = 0.2
_FIRST_BACKOFF_SECONDS = 0.2
_MAX_BACKOFF_SECONDS = 10.0
_BEAT_SECONDS = 5.0
_LONGEST_GATHER_SECONDS = 0.4

_log = structlog.get_logger(__name__)


class Loop(Protocol):
    """Something that is done again and again.

    An ``idle_seconds`` attribute overrides the pause when idle; ``gather_seconds`` is the pause after work, none
    by default: what comes meanwhile is done as one set, so that a loop under load turns seldom and does much. Who has
    such a pause rests longer while things come close behind one another, twice as long after each turn that did more
    than one, and at least as long as the turn has taken; at most 0.4 s. One thing alone is never kept longer than
    ``gather_seconds``, and after a turn that did ``full`` things, as many as it can, the next follows at once.
    """

    @property
    def name(self) -> str:
        """Stable, for logs, metrics and ``/healthz``."""
        ...

    async def turn(self) -> int:
        """One bounded piece of work; how many things it did, or True: the next turn follows at once. 0 when idle."""
        ...

    async def close(self) -> None:
        """Let go of what it holds; called once, after the last turn."""
        ...


@dataclass(frozen=True)
class Every:
    """A loop around one function that runs every ``idle_seconds``, and again at once (or after ``gather_seconds``)
    while it answers True, or how many things it did.
    """

    name: str
    idle_seconds: float
    action: Callable[[], Awaitable[int]]
    gather_seconds: float = 0.0
    full: int | None = None

    async def turn(self) -> int:
        """Run the function."""
        return await self.action()

    async def close(self) -> None:
        """It holds nothing."""


class LoopRunner:
    """Turns one loop until ``stop`` is set: pauses when idle, backs off with jitter when a turn fails."""

    def __init__(self, loop: Loop, stop: asyncio.Event, health: Health, random: Random) -> None:
        self._loop = loop
        self._stop = stop
        self._health = health
        self._random = random
        self._idle_seconds = float(getattr(loop, "idle_seconds", IDLE_SECONDS))
        self._gather_seconds = float(getattr(loop, "gather_seconds", 0.0))
        self._full: int | None = getattr(loop, "full", None)
        self._gathers_for = self._gather_seconds
        self._failures = 0

    async def run(self) -> None:
        """Turn until told to stop, then close the loop."""
        try:
            while not self._stop.is_set():
                await self._pause(await self._turn())
        finally:
            self._health.forget(self._loop.name)
            await self._close()

    async def _turn(self) -> float:
        """One turn; the seconds to pause after it."""
        self._health.beat(self._loop.name)
        structlog.contextvars.clear_contextvars()
        began = time.monotonic()
        try:
            with trace():
                done = await self._loop.turn()
        except Exception as error:  # noqa: BLE001 - whatever a turn meets, the loop goes on: logged, counted, backed off
            return self._failed(error)
        if self._failures:
            _log.info("loop_recovered", loop=self._loop.name, failures=self._failures)
            self._failures = 0
        LOOP_TURNS.labels(self._loop.name, "worked" if done else "idle").inc()
        rest = self._gather(done, time.monotonic() - began)
        return rest if done else self._idle_seconds

    def _gather(self, done: int, turn_seconds: float) -> float:
        """How long to let things come together after a turn that did some."""
        if not self._gather_seconds or (self._full is not None and done >= self._full):
            return 0.0
        if done <= 1:
            self._gathers_for = self._gather_seconds
            return self._gathers_for
        self._gathers_for = min(self._gathers_for * 2, _LONGEST_GATHER_SECONDS)
        return max(self._gathers_for, min(turn_seconds, _LONGEST_GATHER_SECONDS))

    def _failed(self, error: Exception) -> float:
        self._failures += 1
        if not is_outage(error):
            LOOP_TURNS.labels(self._loop.name, "failed").inc()
            _log.error("loop_failed", loop=self._loop.name, failures=self._failures, exc_info=error)
        else:
            LOOP_TURNS.labels(self._loop.name, "outage").inc()
            if self._failures == 1:
                _log.warning("loop_waits", loop=self._loop.name, reason=type(error).__name__, detail=str(error))
        longest = min(_MAX_BACKOFF_SECONDS, _FIRST_BACKOFF_SECONDS * 2.0 ** min(self._failures - 1, 10))
        return longest * self._random.uniform(0.5, 1.0)

    async def _pause(self, seconds: float) -> None:
        while seconds > 0 and not self._stop.is_set():
            self._health.beat(self._loop.name)
            slice_seconds = min(seconds, _BEAT_SECONDS)
            seconds -= slice_seconds
            try:
                async with asyncio.timeout(slice_seconds):
                    await self._stop.wait()
            except TimeoutError:
                continue
        if seconds <= 0:
            await asyncio.sleep(0)  # a loop that always has work must not starve the others

    async def _close(self) -> None:
        try:
            await self._loop.close()
        except Exception as error:  # noqa: BLE001 - the process is going down: the other loops still have to close
            _log.error("loop_not_closed", loop=self._loop.name, exc_info=error)
