"""What the system did, read from its own metrics, from PostgreSQL's counters and from the broker's offsets."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass

import asyncpg
import httpx
from confluent_kafka import Consumer, TopicPartition

from stack.local_stack import SERVICES, LocalStack

# Labels may hold braces of their own, in quotes: route="/v1/cases/{rlts_traf_id}".
_SAMPLE = re.compile(r'^(?P<name>\w+?)(?:\{(?P<labels>(?:[^"}]|"[^"]*")*)\})? (?P<value>[0-9.e+-]+)$', re.MULTILINE)
_ALGORITHM = re.compile(r'algorithm="([^"]+)"')
# PostgreSQL's backends publish their counters at most once a second.
_STATISTICS_SECONDS = 1.1

Samples = Counter[tuple[str, str]]
"""Metric name and labels, summed over all processes."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counters at one moment, or what was added between two.

    ``transactions``: all commits, of readers too; ``durable``: those that wrote and had to reach the disk.
    ``records``: on the broker, receipts and resends included. Signatures and verifications are by algorithm.
    """

    messages: int
    records: int
    transactions: int
    durable: int
    signatures: Counter[str]
    verifications: Counter[str]
    samples: Samples

    def since(self, before: "Counts") -> "Counts":
        """What was added after ``before``."""
        return Counts(
            self.messages - before.messages,
            self.records - before.records,
            self.transactions - before.transactions,
            self.durable - before.durable,
            self.signatures - before.signatures,
            self.verifications - before.verifications,
            self.samples - before.samples,
        )


async def read_counts(stack: LocalStack) -> Counts:
    """Everything that the stack's parts have counted so far."""
    await asyncio.sleep(_STATISTICS_SECONDS)
    samples = await _samples(stack)
    transactions, durable = await _transactions(stack.postgres.admin_url)
    return Counts(
        messages=int(sum(value for (name, _), value in samples.items() if name == "transfer_messages_written_total")),
        records=await asyncio.to_thread(_records, stack.broker.bootstrap),
        transactions=transactions,
        durable=durable,
        signatures=_by_algorithm(samples, "transfer_signatures_total"),
        verifications=_by_algorithm(samples, "transfer_verifications_total"),
        samples=samples,
    )


async def _samples(stack: LocalStack) -> Samples:
    found: Samples = Counter()
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        for process in stack.processes.values():
            text = (await http.get(f"{process.url}/metrics")).text
            for sample in _SAMPLE.finditer(text):
                found[sample["name"], sample["labels"] or ""] += float(sample["value"])  # type: ignore[assignment]
    return found


def _by_algorithm(samples: Samples, wanted: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, labels), value in samples.items():
        if name == wanted and (algorithm := _ALGORITHM.search(labels)):
            found[algorithm[1]] += int(value)
    return found


async def _transactions(admin_url: str) -> tuple[int, int]:
    """All commits in the services' databases, and how many transactions have written anything."""
    connection = await asyncpg.connect(admin_url)
    try:
        commits = await connection.fetchval(
            "SELECT sum(xact_commit)::bigint FROM pg_stat_database WHERE datname = ANY($1)", list(SERVICES)
        )
        # Only a transaction that writes is given a number.
        written = await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(commits), int(written)
    finally:
        await connection.close()


def _records(bootstrap: str) -> int:
    """How many records the exchange's topics have ever held."""
    reader = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench"})
    try:
        topics = {
            name: topic for name, topic in reader.list_topics(timeout=10).topics.items() if name.startswith("transfer.")
        }
        places = [TopicPartition(name, number) for name, topic in topics.items() for number in topic.partitions]
        return sum(reader.get_watermark_offsets(place, timeout=10)[1] for place in places)
    finally:
        reader.close()
