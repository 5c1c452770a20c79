"""What is done to the broker while everything runs.

Where the broker is to lose something, a consumer is first held back (SIGSTOP, as a long pause of a machine would)
until messages lie unread: they are then lost for certain, and the live consumer goes on where it was.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

from aiokafka.admin import AIOKafkaAdminClient

from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.topics import provision
from stack.kafka import RealKafka
from stack.local_stack import LocalStack
from tests.faults.stored import Stored

_GONE_SECONDS = 30.0
_AGENCY_TOPICS = 2
_POLL_SECONDS = 0.05
_PROVOKE_SECONDS = 5.0
_UNREAD_SECONDS = 60.0
_HELD_BACK = "platform_gateway-worker"
_SENDERS = ("outbound", "inbound", "ledger")
_UNREAD = "SELECT count(*) FROM outbox WHERE recipient = 'platform' AND attempts > 0"


class NothingWasLost(AssertionError):
    """No message lay unread at the broker, so that losing them would have shown nothing."""


class Upsetter:
    """Does to the stack's broker what goes wrong with brokers. ``provoke`` starts one more case."""

    def __init__(self, stack: LocalStack, stored: Stored, random: Random, provoke: Callable[[], None]) -> None:
        assert isinstance(stack.broker, RealKafka)
        self._stack = stack
        self._broker = stack.broker
        self._stored = stored
        self._random = random
        self._provoke = provoke
        agencies = [Party(role, area) for area in stack.agencies for role in Role if role is not Role.PLATFORM]
        self._agency_topics = sorted(party.topic for party in agencies)

    async def restart_broker(self) -> None:
        """Stop it cleanly and start it on its data."""
        await asyncio.to_thread(self._broker.stop)
        await asyncio.to_thread(self._broker.start)

    async def wipe_broker(self) -> None:
        """Lose everything that it held, unread messages too, and make the topics as on the first day."""
        async with self._unread():
            await asyncio.to_thread(self._broker.wipe)
        await asyncio.to_thread(self._broker.start)
        await provision(self._broker.bootstrap, [PLATFORM.topic, *self._agency_topics])

    async def make_topics_again(self) -> None:
        """Delete the platform's topic with unread messages, and two agencies', and make them again."""
        topics = [PLATFORM.topic, *self._random.sample(self._agency_topics, _AGENCY_TOPICS)]
        async with self._unread():
            await self._delete(topics)
            await provision(self._broker.bootstrap, topics)

    async def _delete(self, topics: list[str]) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._broker.bootstrap)
        await admin.start()
        try:
            await admin.delete_topics(topics)
            async with asyncio.timeout(_GONE_SECONDS):
                while set(topics) & set(await admin.list_topics()):  # noqa: ASYNC110 - the broker tells nobody
                    await asyncio.sleep(_POLL_SECONDS)
        finally:
            await admin.close()

    @asynccontextmanager
    async def _unread(self) -> AsyncIterator[None]:
        """Hold the platform's consumer back until something lies unread, and let it go on after the block."""
        pid = self._stack.processes[_HELD_BACK].child.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            await self._wait_for_unread()
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    async def _wait_for_unread(self) -> None:
        deadline = time.monotonic() + _UNREAD_SECONDS
        provoke_at = time.monotonic() + _PROVOKE_SECONDS
        while not [1 for package in _SENDERS if await self._stored.count(package, _UNREAD)]:
            now = time.monotonic()
            if now > deadline:
                raise NothingWasLost(f"nobody wrote to the platform within {_UNREAD_SECONDS:g} s")
            if now > provoke_at:
                self._provoke()
                provoke_at = now + _PROVOKE_SECONDS
            await asyncio.sleep(_POLL_SECONDS)
