"""The consumer: fetches batches, hands them to the intake, sends the receipts, then commits the offsets.

Fault tests wrap ``Consumer.send_receipts`` (after commit, before publish) and ``Consumer.commit_offsets`` (before the
offsets are committed); ``shared.database.engine.commit`` is the moment before the transaction's commit.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from shared.errors import Unavailable
from shared.messaging import metrics
from shared.messaging.intake import Intake
from shared.messaging.publisher import BrokerUnavailable, Publisher
from shared.messaging.record import Record, read_record
from shared.messaging.relay import Relay

log = structlog.get_logger(__name__)

BATCH = 250
_REQUEST_MS = 15_000
_START_SECONDS = 15.0
_STOP_SECONDS = 3.0
_RETRY_MS = 400  # the client tries and logs without end while the broker is away: ten times a second is too much


@dataclass(frozen=True, slots=True)
class Subscription:
    """What to read and as whom: ``group_id`` names deployment and service, ``instance_id`` the replica in it."""

    bootstrap_servers: str
    topics: tuple[str, ...]
    group_id: str
    instance_id: str
    wait_ms: int = 200


@dataclass(frozen=True, slots=True)
class Fetched:
    """A batch, and the offsets to commit once it is taken in."""

    records: Sequence[Record]
    offsets: Mapping[TopicPartition, int]


class Consumer:
    """A loop: each ``turn`` takes in one batch of at most 250 records."""

    name = "consumer"
    idle_seconds = 0.0  # it waits for records inside its turn
    # A message that comes alone is taken in at once; those that come close behind it share one transaction.
    gather_seconds = 0.05
    full = BATCH

    def __init__(
        self, subscription: Subscription, intake: Intake, publisher: Publisher, relay: Relay | None = None
    ) -> None:
        self._subscription = subscription
        self._intake = intake
        self._publisher = publisher
        self._relay = relay
        self._consumer: AIOKafkaConsumer | None = None
        self._pending: Fetched | None = None
        self._positions: dict[TopicPartition, int] = {}

    async def turn(self) -> int:
        """Take in one batch; waits up to 0.2 s for one. Says how many records there were.

        A batch that fails because something is out of reach is kept and taken in again by the next turn.
        """
        consumer = await self._started()
        try:
            if self._pending is None:
                self._pending = await self._fetch(consumer)
            if self._pending is None:
                return 0
            receipts = await self._intake.take(self._pending.records)
            if self._relay is not None:
                self._relay.nudge()
            await self.send_receipts(receipts)
            await self.commit_offsets(consumer, self._pending.offsets)
        except KafkaError as error:
            await self._discard()
            raise BrokerUnavailable("the broker failed while a batch was taken in") from error
        taken, self._pending = len(self._pending.records), None
        return taken

    async def close(self) -> None:
        """Stop fetching and the producer. What was fetched and not taken in comes again."""
        await self._discard()
        await self._publisher.close()

    async def send_receipts(self, receipts: Sequence[Record]) -> None:
        """Answer the senders. A receipt that is lost is not asked for: the sender sends again and is answered again."""
        try:
            await self._publisher.publish(receipts)
        except Unavailable:
            log.warning("receipts_not_sent", receipts=len(receipts))

    async def commit_offsets(self, consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> None:
        """Tell the broker how far we are. Where the partitions went to another member, it absorbs the batch again."""
        try:
            await consumer.commit(dict(offsets))
        except (CommitFailedError, IllegalStateError):
            log.warning("offsets_not_committed", partitions=len(offsets))

    async def _fetch(self, consumer: AIOKafkaConsumer) -> Fetched | None:
        batches = await consumer.getmany(timeout_ms=self._subscription.wait_ms, max_records=BATCH)
        offsets = {partition: batch[-1].offset + 1 for partition, batch in batches.items()}
        self._measure(consumer, offsets)
        if not batches:
            return None
        return Fetched([_read(record) for batch in batches.values() for record in batch], offsets)

    async def _started(self) -> AIOKafkaConsumer:
        if self._consumer is not None:
            return self._consumer
        subscription = self._subscription
        consumer = AIOKafkaConsumer(
            *subscription.topics,
            bootstrap_servers=subscription.bootstrap_servers,
            group_id=subscription.group_id,
            group_instance_id=subscription.instance_id,
            client_id=subscription.instance_id,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=BATCH,
            metadata_max_age_ms=10_000,
            request_timeout_ms=_REQUEST_MS,
            retry_backoff_ms=_RETRY_MS,
        )
        try:
            await asyncio.wait_for(consumer.start(), _START_SECONDS)
        except (KafkaError, TimeoutError) as error:
            await consumer.stop()
            raise BrokerUnavailable("the broker does not answer") from error
        self._consumer = consumer
        return consumer

    async def _discard(self) -> None:
        consumer, self._consumer, self._pending = self._consumer, None, None
        if consumer is not None:
            with suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(consumer.stop(), _STOP_SECONDS)

    def _measure(self, consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> None:
        self._positions |= offsets
        lags = dict.fromkeys(self._subscription.topics, 0)
        for partition in consumer.assignment() & self._positions.keys():
            end: int = consumer.highwater(partition) or 0
            lags[partition.topic] += max(0, end - self._positions[partition])
        for topic, lag in lags.items():
            metrics.CONSUMER_LAG.labels(topic).set(lag)


def _read(record: ConsumerRecord) -> Record:
    return read_record(record.topic, record.value, record.headers)
