"""The floor: a program that does nothing but the same commits, sends, signatures and verifications.

What the system needs beyond it is what checking, deciding, storing and answering cost.
"""

import asyncio
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaProducer

from bench.counters import Counts
from shared.messaging.topics import provision
from shared.signing.key_pair import PrivateKey, PublicKey

_CONNECTIONS = 8
_IN_FLIGHT = 500
_VALUE_BYTES = 1500
_TOPIC = "bench.floor"


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds that each part takes alone-standing beside the others, and all of them together."""

    commits: float
    sends: float
    signing: float
    seconds: float


async def run_floor(admin_url: str, bootstrap: str, counts: Counts) -> Floor:
    """Do what ``counts`` says on the same server and broker, everything at once; the slowest part decides."""
    await provision(bootstrap, [_TOPIC])
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, os.getpid)  # it has started when this returns
        began = time.monotonic()
        commits, sends, signing = await asyncio.gather(
            _commits(admin_url, counts.durable),
            _sends(bootstrap, counts.records),
            asyncio.get_running_loop().run_in_executor(pool, sign_and_verify, counts.signatures, counts.verifications),
        )
        return Floor(commits, sends, signing, time.monotonic() - began)


def sign_and_verify(signatures: Mapping[str, int], verifications: Mapping[str, int]) -> float:
    """Sign and verify so often with each algorithm; gives the seconds."""
    value = os.urandom(_VALUE_BYTES)
    began = time.monotonic()
    for algorithm in Counter(signatures) | Counter(verifications):
        private = PrivateKey.generate(algorithm)
        public, signature = PublicKey.load(private.public_key), private.sign(value)
        for _ in range(signatures.get(algorithm, 0)):
            private.sign(value)
        for _ in range(verifications.get(algorithm, 0)):
            public.verify(signature, value)
    return time.monotonic() - began


async def _commits(admin_url: str, count: int) -> float:
    """``count`` transactions of one row each, over a few connections."""
    pool = await asyncpg.create_pool(admin_url, min_size=_CONNECTIONS, max_size=_CONNECTIONS)
    left, value = iter(range(count)), os.urandom(_VALUE_BYTES)

    async def commit_some() -> None:
        async with pool.acquire() as connection:
            for number in left:
                await connection.execute("INSERT INTO bench_floor VALUES ($1, $2)", number, value)

    try:
        await pool.execute("CREATE TABLE IF NOT EXISTS bench_floor (number bigint, value bytea)")
        began = time.monotonic()
        await asyncio.gather(*(commit_some() for _ in range(_CONNECTIONS)))
        return time.monotonic() - began
    finally:
        await pool.execute("DROP TABLE bench_floor")
        await pool.close()


async def _sends(bootstrap: str, count: int) -> float:
    """``count`` records, each acknowledged by the broker, as the services send theirs."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=256 * 1024, linger_ms=2
    )
    value = os.urandom(_VALUE_BYTES)
    await producer.start()
    try:
        began = time.monotonic()
        for first in range(0, count, _IN_FLIGHT):
            some = range(first, min(first + _IN_FLIGHT, count))
            await asyncio.gather(*[await producer.send(_TOPIC, value, key=str(number).encode()) for number in some])
        return time.monotonic() - began
    finally:
        await producer.stop()
