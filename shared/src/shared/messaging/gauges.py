"""How full outbox, inbox and quarantine are, measured every few seconds."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock
from shared.database import Database
from shared.messaging import metrics, quarantine

_OUTBOX = text(
    "SELECT count(*) AS depth, count(*) FILTER (WHERE attempts > 0) AS outstanding, min(recorded_at) AS oldest"
    " FROM outbox"
)
_WAITING = text("SELECT count(*) FROM inbox WHERE state = 'waiting'")


class Gauges:
    """A loop that only reads."""

    name = "messaging-gauges"
    idle_seconds = 5.0

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def turn(self) -> bool:
        """Measure once; there is never more to do at once."""
        async with self._database.connection() as connection:
            await self.measure(connection)
        return False

    async def close(self) -> None:
        """Nothing is held."""

    async def measure(self, connection: AsyncConnection) -> None:
        """Set the gauges to what the database holds."""
        box = (await connection.execute(_OUTBOX)).one()
        age = 0.0 if box.oldest is None else (self._clock.now() - box.oldest).total_seconds()
        metrics.OUTBOX_DEPTH.set(box.depth)
        metrics.OUTBOX_AGE.set(max(0.0, age))
        metrics.RECEIPTS_OUTSTANDING.set(box.outstanding)
        metrics.INBOX_WAITING.set(int(await connection.scalar(_WAITING) or 0))
        metrics.QUARANTINE_SIZE.set(await quarantine.size(connection))
