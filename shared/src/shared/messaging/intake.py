"""What happens to a batch of records: verified, taken into custody, receipted and applied, in one transaction."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock
from shared.contracts.party import Party
from shared.database import Database
from shared.errors import DomainError
from shared.messaging import in_turn, inbox, metrics, quarantine, receipts, resend
from shared.messaging.applying import Applied, Applier
from shared.messaging.inbox import Custody, MessageKey, key_of
from shared.messaging.outbox import Lane
from shared.messaging.record import Record
from shared.messaging.verification import KeySource, Rejected, Sorted, Verified, sort
from shared.outages import is_outage
from shared.signing.errors import VerificationFailed
from shared.signing.signers import Signers

log = structlog.get_logger(__name__)

Singly = Callable[[AsyncConnection, Collection[Lane], datetime], Awaitable[Applied]]

# With the loop's backoff some seven minutes: longer than a database or a broker takes to change its leader.
PATIENCE = 50


class IntakeFailed(DomainError):
    """A record that could not even be stored, for a reason that lies in itself or in us."""

    code = "intake-failed"


class NotInTurn(DomainError):
    """What looked like the next message of its lane is none: the batch is done again, message by message."""

    code = "not-in-turn"


@dataclass(slots=True)
class Taken:
    """What came of a batch; ``receipts`` are to be sent once it is committed."""

    receipts: list[Record] = field(default_factory=list)
    new: list[Verified] = field(default_factory=list)
    again: list[Verified] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    applied: Applied = field(default_factory=Applied)


class Intake:
    """Takes records in for the parties that this deployment serves."""

    def __init__(
        self,
        database: Database,
        applier: Applier,
        *,
        served: Collection[Party],
        signers: Signers,
        keys: KeySource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._applier = applier
        self._served = frozenset(served)
        self._signers = signers
        self._keys = keys
        self._clock = clock
        self._outages = 0

    async def take(self, records: Sequence[Record]) -> list[Record]:
        """Take a batch in and commit; returns the receipts to send.

        When a handler fails, the batch is done again message by message, and those at fault go to quarantine; what
        fails even outside of handlers is put there record by record. Raises only when a database or the registry is
        out of reach: then nothing holds, and it is to be tried again. The same batch failing ``PATIENCE`` times in a
        row, while quarantine can still be written, is the fault of a message: it no longer holds up the others.
        """
        try:
            taken = await self._take(records, is_patient=self._outages < PATIENCE)
        except Exception:  # whatever it is, it is only counted here and raised
            self._outages += 1
            raise
        self._outages = 0
        for each in taken:
            _tell(each)
        return [receipt for each in taken for receipt in each.receipts]

    async def _take(self, records: Sequence[Record], *, is_patient: bool) -> list[Taken]:
        now = self._clock.now()
        singly = partial(self._applier.singly, is_patient=is_patient)
        for way in (None, singly) if is_patient else (singly,):
            try:
                return [await self._commit(await sort(records, self._served, self._keys, now), way, now)]
            except Exception as error:
                # A handler may fail in any way; the next pass finds out on which messages.
                if is_patient and is_outage(error):
                    raise
                log.warning("batch_done_again", records=len(records), error=type(error).__name__)
        return [await self._take_alone(record, singly, now, is_patient=is_patient) for record in records]

    async def _take_alone(self, record: Record, singly: Singly, now: datetime, *, is_patient: bool) -> Taken:
        try:
            return await self._commit(await sort([record], self._served, self._keys, now), singly, now)
        except Exception as error:
            # Whatever it is, the records behind it must not wait for ever; without a receipt it will come again.
            if is_patient and is_outage(error):
                raise
            log.error("record_not_taken", topic=record.topic, exc_info=error)
            rejected = Rejected(record, IntakeFailed(f"收存时出错：{type(error).__name__}"))
        async with self._database.transaction() as connection:
            await quarantine.put_rejected(connection, [rejected], now)
        return Taken(rejected=[rejected])

    async def take_one(self, connection: AsyncConnection, record: Record) -> Taken:
        """Take one record in within the caller's transaction, which decides whether it holds."""
        now = self._clock.now()
        batch = await sort([record], self._served, self._keys, now)
        return await self._store(connection, batch, self._applier.singly, now)

    async def _commit(self, batch: Sorted, singly: Singly | None, now: datetime) -> Taken:
        async with self._database.transaction() as connection:
            return await self._store(connection, batch, singly, now)

    async def _store(self, connection: AsyncConnection, batch: Sorted, singly: Singly | None, now: datetime) -> Taken:
        """Store and apply: in sets, or message by message in the way of ``singly``."""
        await receipts.take(connection, batch.receipts, now)
        carried = batch.messages + [verified for verified, _ in batch.resends]
        planned = receipts.plan(carried, now)
        ready = await in_turn.find(connection, batch.messages)  # both ways lock first, so that they never form a ring
        at_once = ready.keys if singly is None else frozenset[MessageKey]()
        custody = await inbox.store(connection, carried, planned, now, applied=at_once)
        if not at_once <= custody.new:
            raise NotInTurn("另有消息占用了同一编号或序号")
        await resend.serve(connection, [entry for entry in batch.resends if key_of(entry[0]) in custody.new], now)
        answers = await receipts.issue(connection, carried, custody, planned, signers=self._signers, now=now)
        rejected = batch.rejected + [_contradiction(message) for message in custody.contradicting]
        await quarantine.put_rejected(connection, rejected, now)
        new = _new(carried, custody)
        await quarantine.resolve(connection, [message.record for message in new], by="arrival", now=now)
        if singly is None:
            applied = await self._applier.in_sets(connection, ready, now)
        else:
            lanes = {in_turn.lane_of(message) for message in batch.messages if key_of(message) in custody.new}
            applied = await singly(connection, lanes, now)
        return Taken(answers, new, [message for message, _ in custody.again], rejected, applied)


def _new(messages: Sequence[Verified], custody: Custody) -> list[Verified]:
    by_key = {key_of(message): message for message in messages}
    return [message for key, message in by_key.items() if key in custody.new]


def _contradiction(message: Verified) -> Rejected:
    error = VerificationFailed("同一编号或序号的消息此前内容不同", code="message-contradicts")
    return Rejected(message.record, error)


def _tell(taken: Taken) -> None:
    metrics.count(metrics.RECEIVED, (message.envelope.type for message in taken.new))
    metrics.count(metrics.DUPLICATES, (message.envelope.type for message in taken.again))
    metrics.count(metrics.APPLIED, (message.type for message in taken.applied.done))
    metrics.count(metrics.QUARANTINED, (entry.error.code for entry in taken.rejected))
    metrics.count(metrics.QUARANTINED, (reason for _, reason in taken.applied.failed))
    for entry in taken.rejected:
        log.warning("message_rejected", topic=entry.record.topic, reason=entry.error.code)
    for message, reason in taken.applied.failed:
        log.warning(
            "message_quarantined",
            rlts_traf_id=message.rlts_traf_id,
            message_id=str(message.message_id),
            type=message.type,
            reason=reason,
        )
