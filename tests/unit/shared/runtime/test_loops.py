"""Loops go on whatever a turn meets, and end in order."""

import asyncio
from collections.abc import Callable
from random import Random

import pytest

from shared.errors import Unavailable
from shared.runtime.loops import Every, LoopRunner
from shared.telemetry.logs import configure_logging
from shared.web.health import Health


class Script:
    """A loop that does one thing a turn, then stops the runner."""

    name = "script"
    idle_seconds = 0.001

    def __init__(self, *turns: Callable[[], bool]) -> None:
        self.stop = asyncio.Event()
        self.left = list(turns)
        self.done = 0
        self.closed = 0

    async def turn(self) -> bool:
        step = self.left.pop(0)
        self.done += 1
        if not self.left:
            self.stop.set()
        return step()

    async def close(self) -> None:
        self.closed += 1


def fails(error: Exception) -> Callable[[], bool]:
    def step() -> bool:
        raise error

    return step


async def run(script: Script, told: Health | None = None) -> None:
    async with asyncio.timeout(10):
        await LoopRunner(script, script.stop, told or Health(), Random(1)).run()


@pytest.mark.parametrize("error", [Unavailable("down"), ConnectionRefusedError(), RuntimeError("unforeseen")])
async def test_goes_on_after_a_failed_turn(error: Exception) -> None:
    script = Script(fails(error), lambda: True, lambda: False)
    await run(script)
    assert (script.done, script.closed) == (3, 1)


async def test_says_an_outage_once_until_it_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("test")
    down = fails(Unavailable("down"))
    await run(Script(down, down, down, lambda: True, down, lambda: True))
    written = capsys.readouterr().out
    assert written.count('"loop_waits"') == 2
    assert written.count('"loop_recovered"') == 2


async def test_reports_every_unforeseen_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("test")
    await run(Script(fails(ValueError("certificate 11010519491231002X")), fails(ValueError("again")), lambda: True))
    written = capsys.readouterr().out
    assert written.count('"loop_failed"') == 2
    assert "11010519491231002X" not in written


async def test_closes_even_when_closing_fails() -> None:
    script = Script(lambda: True)

    async def broken() -> None:
        script.closed += 1
        raise RuntimeError

    script.close = broken  # type: ignore[method-assign]
    await run(script)
    assert script.closed == 1


async def test_a_pausing_loop_stops_at_once() -> None:
    turned = asyncio.Event()

    async def action() -> bool:
        turned.set()
        return False

    stop = asyncio.Event()
    runner = asyncio.create_task(LoopRunner(Every("slow", 3600, action), stop, Health(), Random(1)).run())
    await turned.wait()
    stop.set()
    async with asyncio.timeout(2):
        await runner


def test_silent_loop_is_not_alive() -> None:
    now = 1000.0
    told = Health(monotonic=lambda: now)
    told.beat("relay")
    now += 29
    assert told.silent_loops() == []
    now += 2
    assert told.silent_loops() == ["relay"]
    told.forget("relay")
    assert told.silent_loops() == []


async def test_stopping_is_unready() -> None:
    told = Health()
    assert await told.failing_checks() == []
    told.stop()
    assert await told.failing_checks() == ["stopping"]


async def turns_at(*done: int, gather_seconds: float, full: int | None = None) -> list[float]:
    """When each turn of a loop began whose turns do so many things."""
    stop, at, left = asyncio.Event(), list[float](), list(done)

    async def work() -> int:
        at.append(asyncio.get_running_loop().time())
        if len(left) == 1:
            stop.set()
        return left.pop(0)

    async with asyncio.timeout(10):
        await LoopRunner(Every("work", 60, work, gather_seconds, full), stop, Health(), Random(1)).run()
    return at


@pytest.mark.parametrize(
    ("done", "rests"),
    [
        ((1, 1, 1), (0.05, 0.05)),  # one thing alone waits for nobody
        ((2, 2, 2), (0.1, 0.2)),  # twice as long while more come together
        ((2, 2, 1, 2, 2), (0.1, 0.2, 0.05, 0.1)),
    ],
)
async def test_gathers_after_work_what_comes_close_behind(done: tuple[int, ...], rests: tuple[float, ...]) -> None:
    at = await turns_at(*done, gather_seconds=0.05)
    assert all(later - earlier >= rest for earlier, later, rest in zip(at, at[1:], rests, strict=False))


async def test_goes_on_at_once_after_a_full_turn() -> None:
    assert len(await turns_at(5, 5, 5, gather_seconds=60, full=5)) == 3
