"""Handing records to the broker: acks from all replicas, idempotent, bounded in time."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.errors import Unavailable
from shared.messaging.record import Record

log = structlog.get_logger(__name__)

# A turn of a loop must end within the 30 s that liveness allows it.
_REQUEST_MS = 8_000
_BATCH_SECONDS = 10.0
_STOP_SECONDS = 3.0
_RETRY_MS = 400  # the client tries and logs without end while the broker is away: ten times a second is too much


class BrokerUnavailable(Unavailable):
    """The broker took nothing of a batch in time; whether any of it arrived is unknown."""


class Publisher:
    """One producer for a worker, started with its first use and made anew after an error."""

    def __init__(self, bootstrap_servers: str, *, client_id: str = "transfer") -> None:
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None
        self._one_at_a_time = asyncio.Lock()

    async def publish(self, records: Sequence[Record]) -> int:
        """Send ``records``, those of a topic in order; returns how many the broker acknowledged.

        A topic that is missing fails alone. Raises ``BrokerUnavailable`` when nothing was acknowledged.
        """
        if not records:
            return 0
        producer = await self._started()
        topics: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            topics[record.topic].append(record)
        outcomes = await asyncio.gather(*(_send(producer, of_topic) for of_topic in topics.values()))
        sent = sum(outcomes)
        if sent < len(records):
            await self.close()  # an idempotent producer that lost its place does not find it again
        if sent == 0:
            raise BrokerUnavailable("the broker acknowledged nothing")
        return sent

    async def close(self) -> None:
        """Stop the producer; the next use starts another."""
        async with self._one_at_a_time:
            producer, self._producer = self._producer, None
            if producer is not None:
                with suppress(KafkaError, TimeoutError):
                    await asyncio.wait_for(producer.stop(), _STOP_SECONDS)

    async def _started(self) -> AIOKafkaProducer:
        async with self._one_at_a_time:
            if self._producer is not None:
                return self._producer
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap_servers,
                client_id=self._client_id,
                acks="all",
                enable_idempotence=True,
                request_timeout_ms=_REQUEST_MS,
                retry_backoff_ms=_RETRY_MS,
                metadata_max_age_ms=30_000,
                max_batch_size=256 * 1024,
                linger_ms=2,
            )
            try:
                await asyncio.wait_for(producer.start(), _BATCH_SECONDS)
            except (KafkaError, TimeoutError) as error:
                await producer.stop()
                raise BrokerUnavailable("the broker does not answer") from error
            self._producer = producer
            return producer


async def _send(producer: AIOKafkaProducer, records: Sequence[Record]) -> int:
    """Send the records of one topic; how many were acknowledged."""
    try:
        async with asyncio.timeout(_BATCH_SECONDS):
            pending = [
                await producer.send(
                    record.topic,
                    record.value,
                    key=None if record.key is None else record.key.encode(),
                    headers=record.headers(),
                )
                for record in records
            ]
            results = await asyncio.gather(*pending, return_exceptions=True)
    except (KafkaError, TimeoutError) as error:
        log.warning("topic_not_reached", topic=records[0].topic, error=type(error).__name__)
        return 0
    failed = [result for result in results if isinstance(result, BaseException)]
    if failed:
        log.warning("records_not_acknowledged", topic=records[0].topic, error=type(failed[0]).__name__)
    return len(results) - len(failed)
