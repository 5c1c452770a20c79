"""Trying a quarantined message once more, for real or only to see what would happen; or giving it up."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock
from shared.database import Database
from shared.errors import NotFound
from shared.messaging import inbox, quarantine
from shared.messaging.applying import Applied, Applier
from shared.messaging.intake import Intake
from shared.messaging.outbox import Lane
from shared.messaging.quarantine import Quarantined
from shared.messaging.record import Record


class Outcome(StrEnum):
    """What a replay came to."""

    APPLIED = "applied"
    WAITING = "waiting"
    STILL_QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Replayed:
    """``reason`` is given when it failed again; ``applied`` counts the message and those that waited behind it."""

    outcome: Outcome
    reason: str | None
    applied: int
    is_dry_run: bool


class Replayer:
    """Replays with the same handlers as the consumer."""

    def __init__(self, database: Database, applier: Applier, intake: Intake, clock: Clock) -> None:
        self._database = database
        self._applier = applier
        self._intake = intake
        self._clock = clock

    async def replay(
        self, quarantine_id: UUID, *, topics: Collection[str], by: str, is_dry_run: bool = False
    ) -> Replayed:
        """Try an open entry again on behalf of ``by``; a dry run does everything and lets nothing hold.

        Raises ``NotFound`` when there is no such open entry of a record on ``topics``.
        """
        async with self._database.transaction() as connection:
            attempt = await connection.begin_nested()
            replayed = await self._replay(connection, quarantine_id, topics, by=by, is_dry_run=is_dry_run)
            await (attempt.rollback() if is_dry_run else attempt.commit())
        return replayed

    async def dismiss(self, quarantine_id: UUID, *, topics: Collection[str], by: str, reason: str) -> int:
        """Set an open entry aside for good, on behalf of ``by``; how many messages behind it were applied then.

        A message in custody is left out of its lane, so that its case goes on without it. Raises ``NotFound`` like
        ``replay``.
        """
        now = self._clock.now()
        async with self._database.transaction() as connection:
            entry, _ = await _locked(connection, quarantine_id, topics)
            await quarantine.dismiss_entry(connection, quarantine_id, by=by, reason=reason, now=now)
            if entry.message_id is None:
                return 0
            lanes = await _lock_lanes(connection, entry)
            await inbox.skip(connection, str(entry.sender), entry.message_id)
            return len((await self._applier.singly(connection, lanes, now)).done)

    async def _replay(
        self, connection: AsyncConnection, quarantine_id: UUID, topics: Collection[str], *, by: str, is_dry_run: bool
    ) -> Replayed:
        entry, record = await _locked(connection, quarantine_id, topics)
        if entry.message_id is None:
            applied, reason = await self._take(connection, record)
        else:
            applied, reason = await self._apply(connection, entry)
        if reason is not None:
            return Replayed(Outcome.STILL_QUARANTINED, reason, len(applied.done), is_dry_run)
        await quarantine.resolve_entry(connection, quarantine_id, by=by, now=self._clock.now())
        outcome = Outcome.APPLIED if applied.done else Outcome.WAITING
        return Replayed(outcome, None, len(applied.done), is_dry_run)

    async def _take(self, connection: AsyncConnection, record: Record) -> tuple[Applied, str | None]:
        taken = await self._intake.take_one(connection, record)
        failed = [entry.error.code for entry in taken.rejected] + [reason for _, reason in taken.applied.failed]
        return taken.applied, next(iter(failed), None)

    async def _apply(self, connection: AsyncConnection, entry: Quarantined) -> tuple[Applied, str | None]:
        lanes = await _lock_lanes(connection, entry)
        await inbox.set_state(connection, str(entry.sender), UUID(str(entry.message_id)), "waiting")
        applied = await self._applier.singly(connection, lanes, self._clock.now())
        reasons = {message.message_id: reason for message, reason in applied.failed}
        return applied, reasons.get(UUID(str(entry.message_id)))


async def _lock_lanes(connection: AsyncConnection, entry: Quarantined) -> set[Lane]:
    """The lanes of the entry's case in which something waits, and its own, locked."""
    sender, recipient, case = str(entry.sender), str(entry.recipient), str(entry.rlts_traf_id)
    lanes = {*await inbox.lanes_of_case(connection, case, recipient), (case, sender, recipient)}
    await inbox.lock(connection, lanes)
    return lanes


async def _locked(
    connection: AsyncConnection, quarantine_id: UUID, topics: Collection[str]
) -> tuple[Quarantined, Record]:
    found = await quarantine.lock_open(connection, quarantine_id, topics=topics)
    if found is None:
        raise NotFound("没有这条待处理的隔离消息")
    return found
