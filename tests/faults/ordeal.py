"""The run: rounds of faults while the cases move on, then peace until everything has settled."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.keeper import Keeper
from tests.faults.plan import Kill, Round, Upset
from tests.faults.points import Trap
from tests.faults.traffic import Traffic
from tests.faults.upsets import Upsetter

_POLL_SECONDS = 0.05
_PROVOKE_SECONDS = 15.0
_READY_SECONDS = 90.0

Say = Callable[[str], None]


class FaultDidNotCome(AssertionError):
    """Nobody came by where a process was to be killed."""


@dataclass
class Ordeal:
    """Everything that a round needs. ``traps`` is the folder of the traps."""

    traps: Path
    keeper: Keeper
    traffic: Traffic
    upsetter: Upsetter
    say: Say
    within_seconds: float

    async def endure(self, rounds: Sequence[Round]) -> None:
        """Every round begins with its group of cases and ends when all processes are ready again."""
        for each in rounds:
            began = time.monotonic()
            self.traffic.start_group()
            await self._round(each)
            await self.keeper.all_ready(within_seconds=_READY_SECONDS)
            took = time.monotonic() - began
            self.say(f"round {each.number:3}  {took:5.1f} s  {self.traffic.under_way:2} cases under way  {each}")

    async def _round(self, each: Round) -> None:
        if each.upset is not None:
            await self._upset(each.upset)
        deaths = {kill.process: self.keeper.killed.count(kill.process) for kill in each.kills}
        traps = [Trap(self.traps, kill.process, kill.point) for kill in each.kills]
        for kill, trap in zip(each.kills, traps, strict=True):
            trap.lay(kill.nth)
        await asyncio.gather(*(self._sprung(trap, kill) for kill, trap in zip(each.kills, traps, strict=True)))
        for process, before in deaths.items():
            times = before + sum(kill.process == process for kill in each.kills)
            await self.keeper.has_buried(process, times=times, within_seconds=_READY_SECONDS)

    async def _upset(self, upset: Upset) -> None:
        does: dict[Upset, Callable[[], Awaitable[None]]] = {
            Upset.BROKER_RESTARTED: self.upsetter.restart_broker,
            Upset.BROKER_WIPED: self.upsetter.wipe_broker,
            Upset.TOPICS_MADE_AGAIN: self.upsetter.make_topics_again,
            Upset.ALL_TERMINATED: self.keeper.terminate_all,
        }
        await does[upset]()

    async def _sprung(self, trap: Trap, kill: Kill) -> None:
        """Wait until the process has died at its point; where nobody comes by any more, one more case is started."""
        deadline = time.monotonic() + self.within_seconds
        provoke_at = time.monotonic() + _PROVOKE_SECONDS
        while not trap.has_sprung:
            now = time.monotonic()
            if now > deadline:
                raise FaultDidNotCome(f"{kill} did not come within {self.within_seconds:g} s")
            if now > provoke_at:
                self.traffic.start_spare()
                provoke_at = now + _PROVOKE_SECONDS
            await asyncio.sleep(_POLL_SECONDS)
