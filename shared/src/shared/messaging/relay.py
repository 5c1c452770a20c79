"""The relay: one per service, sends what lies in the outbox until its receipt comes, and numbers the feed.

Fault tests wrap ``Relay.publish`` (after commit, before publish) and ``Relay.mark`` (after publish, before mark).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock
from shared.contracts.party import Party
from shared.database import Database
from shared.messaging import feed, metrics
from shared.messaging.publisher import Publisher
from shared.messaging.record import Record
from shared.signing.signers import Signers

BATCH = 500
_LOCK_KEY = 0x7265_6C61_79  # advisory locks are per database, and so per service
_SHORTEST_WAIT_SECONDS = 0.01
_LONGEST_WAIT_SECONDS = 0.25
_STANDBY_SECONDS = 1.0

# An idle service looks some times a second: one cheap question then, not the two that find out what.
_LOOK = text(
    """
    SELECT EXISTS (SELECT FROM outbox WHERE due_at <= :now) AS is_due,
           EXISTS (SELECT FROM feed WHERE position IS NULL) AS is_unnumbered
    """
)
_DUE = text(
    """
    SELECT l.message_id, l.sender, l.recipient, l.rlts_traf_id, l.type, l.value, l.signature, l.traceparent
    FROM (SELECT * FROM outbox WHERE due_at <= :now ORDER BY due_at, message_id LIMIT :limit) AS o
    JOIN message_log l ON l.message_id = o.message_id AND l.recorded_at = o.recorded_at
    ORDER BY o.due_at, o.message_id
    """
)
# A row that a receipt is about to delete is locked, and needs no mark.
_MARK = text(
    """
    WITH sent AS (
        SELECT message_id FROM outbox WHERE message_id = ANY(CAST(:ids AS uuid[])) FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET attempts = least(o.attempts, 29) + 1,
        due_at = CAST(:now AS timestamptz) + least(:first * 2.0 ^ least(o.attempts, 29), :last) * interval '1 second'
    FROM sent WHERE o.message_id = sent.message_id
    """
)


@dataclass(frozen=True, slots=True)
class Resend:
    """After how many seconds without a receipt a message is sent again: the first time, and at most."""

    first_seconds: float = 30.0
    last_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose time to be sent (again) has come."""

    message_id: UUID
    type: str
    record: Record


class Relay:
    """A loop: each ``turn`` sends one batch and marks it, without a transaction open meanwhile."""

    name = "relay"
    idle_seconds = 0.0  # it rests inside its turn, where a nudge can wake it
    gather_seconds = 0.05
    full = BATCH

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        clock: Clock,
        resend: Resend | None = None,
        *,
        signers: Signers,
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._resend = resend or Resend()
        self._signers = signers
        self._leader: AsyncConnection | None = None
        self._nudged = asyncio.Event()
        self._wait_seconds = _SHORTEST_WAIT_SECONDS

    def nudge(self) -> None:
        """Something was committed in this process: look at once. Polling alone suffices."""
        self._nudged.set()

    async def turn(self) -> int:
        """Send what is due, number the feed; waits a little by itself when there is nothing. How much there was.

        Raises an outage when database or broker cannot be reached; what was not marked is sent again.
        """
        self._nudged.clear()
        try:
            leader = await self._lead()
            done = 0 if leader is None else await self._work(leader)
        except BaseException:
            await self._step_down()
            raise
        await self._rest(is_standby=leader is None, worked=done > 0)
        return done

    async def close(self) -> None:
        """Give the lead to another replica and stop the producer."""
        await self._step_down()
        await self._publisher.close()

    async def publish(self, due: Sequence[Due]) -> None:
        """Hand a batch to the broker. A topic that took nothing is tried again later, like what got no receipt."""
        await self._publisher.publish([message.record for message in due])
        metrics.count(metrics.SENT, (message.type for message in due))

    async def mark(self, leader: AsyncConnection, due: Sequence[Due]) -> None:
        """Note when each message is to be sent again if no receipt comes: as ``Resend`` says, doubling each time."""
        await leader.execute(
            _MARK,
            {
                "ids": [message.message_id for message in due],
                "now": self._clock.now(),
                "first": self._resend.first_seconds,
                "last": self._resend.last_seconds,
            },
        )

    async def _work(self, leader: AsyncConnection) -> int:
        now, sent, numbered = self._clock.now(), 0, 0
        found = (await leader.execute(_LOOK, {"now": now})).one()
        if found.is_due:
            due = await _due(leader, self._signers, now)
            await self.publish(due)
            await self.mark(leader, due)
            sent = len(due)
        if found.is_unnumbered:
            numbered = await feed.number(leader)
        return max(sent, numbered)

    async def _lead(self) -> AsyncConnection | None:
        """The connection that holds the service's lock, ``None`` while another replica holds it.

        All the relay's statements go over it, so that one which lost the lock cannot write.
        """
        if self._leader is not None:
            return self._leader
        connection = await self._database.engine.connect()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            if await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK_KEY}):
                self._leader = connection
        finally:
            if self._leader is None:
                await connection.close()
        return self._leader

    async def _step_down(self) -> None:
        leader, self._leader = self._leader, None
        if leader is not None:
            # The lock belongs to the session: only its end frees it for sure.
            await leader.invalidate()
            await leader.close()

    async def _rest(self, *, is_standby: bool, worked: bool) -> None:
        self._wait_seconds = _SHORTEST_WAIT_SECONDS if worked else min(self._wait_seconds * 2, _LONGEST_WAIT_SECONDS)
        if worked:
            return
        with suppress(TimeoutError):
            wait_seconds = _STANDBY_SECONDS if is_standby else self._wait_seconds
            await asyncio.wait_for(self._nudged.wait(), wait_seconds)


async def _due(connection: AsyncConnection, signers: Signers, now: datetime) -> list[Due]:
    rows = await connection.execute(_DUE, {"now": now, "limit": BATCH})
    return [Due(row.message_id, row.type, _record(row, signers)) for row in rows]


def _record(row: Row[Any], signers: Signers) -> Record:
    value = bytes(row.value)
    signature = signers.renew_detached(Party.parse(row.sender), value, row.signature)
    return Record(Party.parse(row.recipient).topic, row.rlts_traf_id, value, signature, row.traceparent)
