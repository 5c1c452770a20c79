"""The banks: every few seconds they carry out what was released, and both sides' statements are uploaded."""

import asyncio
from datetime import timedelta

from bench.ground import Ground
from demo.banks.settling import Banks

_EVERY_SECONDS = 1.5
# An account tells each day once: as many uploads as there are days.
_DAYS = timedelta(days=700)


def open_banks(ground: Ground) -> Banks:
    """The areas' banks, whose statements begin long ago."""
    today = ground.world.today
    return Banks(ground.world.areas, first_day=today - _DAYS, last_day=today)


async def keep_settling(ground: Ground, banks: Banks) -> None:
    """Upload statements over what was released since the last time, until the run is over."""
    while not ground.is_over.is_set():
        payments, ground.released = ground.released, []
        await banks.settle(ground.world, payments)
        try:
            async with asyncio.timeout(_EVERY_SECONDS):
                await ground.is_over.wait()
        except TimeoutError:
            continue
