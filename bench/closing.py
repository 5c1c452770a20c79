"""Waiting until every case is closed, and when each was."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.ground import Ground
from demo.errors import NotInTime
from demo.services import PLATFORM, Call, Json

_LOOK_SECONDS = 0.5
_LOOKED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Closed:
    """One case's application and 办结, and what became of the money."""

    applied_at: datetime
    closed_at: datetime
    money_state: str

    @property
    def seconds(self) -> float:
        """From application to 办结."""
        return (self.closed_at - self.applied_at).total_seconds()


async def wait_until_closed(ground: Ground, *, within_seconds: float) -> list[Closed]:
    """Every accepted case once all are closed; raises ``NotInTime``.

    Looks at a few of the open ones at a time, so that watching costs little.
    """
    deadline = time.monotonic() + within_seconds
    waiting, closed = sorted(ground.cases), []
    while waiting:
        some = waiting[:_LOOKED_AT_ONCE]
        found = await _transfers(ground, some)
        closed += [_closed(each) for each in found if each["closed_at"] is not None]
        done = {each["rlts_traf_id"] for each in found if each["closed_at"] is not None}
        waiting = waiting[len(some) :] if len(done) == len(some) else [each for each in waiting if each not in done]
        if time.monotonic() > deadline:
            states = sorted({f"{each['state']}／{each['money_state']}" for each in found})
            raise NotInTime(f"{within_seconds:g} 秒内尚有 {len(waiting)} 件未办结，例如 {some[:3]}：{states}")
        if not done:
            await asyncio.sleep(_LOOK_SECONDS)
    return closed


async def _transfers(ground: Ground, numbers: Sequence[str]) -> list[Json]:
    call = Call(
        ground.world.callers.operator(), PLATFORM, "POST", "/transfers/query", json={"rlts_traf_ids": list(numbers)}
    )
    answer = await ground.world.services.json(call)
    return [item["transfer"] for item in answer["items"]]


def _closed(transfer: Json) -> Closed:
    applied_at, closed_at = (datetime.fromisoformat(transfer[name]) for name in ("applied_at", "closed_at"))
    return Closed(applied_at, closed_at, transfer["money_state"])
