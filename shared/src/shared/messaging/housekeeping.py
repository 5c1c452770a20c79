"""Loops beside relay and consumer: what is sent again on request, and what is forgotten after its time."""

from dataclasses import dataclass
from datetime import timedelta

from shared.clock import Clock
from shared.database import Database
from shared.messaging import feed, quarantine, resend

_PURGED_AT_ONCE = 2000


class Resends:
    """Sends again what somebody asked for, piece by piece, so that what is new finds its way in between."""

    name = "resend"
    idle_seconds = 1.0
    gather_seconds = 0.2

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def turn(self) -> bool:
        """Send one piece; whether there was a request."""
        async with self._database.transaction() as connection:
            return await resend.send_some(connection, now=self._clock.now())

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True)
class Keep:
    """For how many days entries of the feed and resolved entries of the quarantine are kept."""

    feed_days: int
    quarantine_days: int


class Retention:
    """Forgets what nobody needs any more."""

    name = "retention"
    idle_seconds = 3600.0
    gather_seconds = 1.0

    def __init__(self, database: Database, clock: Clock, keep: Keep) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep

    async def turn(self) -> bool:
        """Purge some of each; whether there may be more."""
        now = self._clock.now()
        feed_end, quarantine_end = (
            now - timedelta(days=days) for days in (self._keep.feed_days, self._keep.quarantine_days)
        )
        async with self._database.transaction() as connection:
            entries = await feed.purge(connection, before=feed_end, limit=_PURGED_AT_ONCE)
            resolved = await quarantine.purge(connection, before=quarantine_end, limit=_PURGED_AT_ONCE)
        return max(entries, resolved) == _PURGED_AT_ONCE

    async def close(self) -> None:
        """Nothing is held."""
