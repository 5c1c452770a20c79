"""What is done to the broker while everything runs."""

import asyncio
from random import Random

from aiokafka.admin import AIOKafkaAdminClient

from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.topics import provision
from stack.kafka import RealKafka
from stack.local_stack import LocalStack

_GONE_SECONDS = 30.0
_AGENCY_TOPICS = 2


class Upsetter:
    """Does to the stack's broker what goes wrong with brokers."""

    def __init__(self, stack: LocalStack, random: Random) -> None:
        assert isinstance(stack.broker, RealKafka)
        self._broker = stack.broker
        self._random = random
        agencies = [Party(role, area) for area in stack.agencies for role in Role if role is not Role.PLATFORM]
        self._agency_topics = sorted(party.topic for party in agencies)

    async def restart_broker(self) -> None:
        """Stop it cleanly and start it on its data."""
        await asyncio.to_thread(self._broker.stop)
        await asyncio.to_thread(self._broker.start)

    async def wipe_broker(self) -> None:
        """Lose everything that it held, and make the topics as on the first day."""
        await asyncio.to_thread(self._broker.wipe)
        await asyncio.to_thread(self._broker.start)
        await provision(self._broker.bootstrap, [PLATFORM.topic, *self._agency_topics])

    async def make_topics_again(self) -> None:
        """Delete the platform's topic and two agencies', and make them again under their consumers."""
        topics = [PLATFORM.topic, *self._random.sample(self._agency_topics, _AGENCY_TOPICS)]
        admin = AIOKafkaAdminClient(bootstrap_servers=self._broker.bootstrap)
        await admin.start()
        try:
            await admin.delete_topics(topics)
            async with asyncio.timeout(_GONE_SECONDS):
                while set(topics) & set(await admin.list_topics()):  # noqa: ASYNC110 - the broker tells nobody
                    await asyncio.sleep(0.05)
        finally:
            await admin.close()
        await provision(self._broker.bootstrap, topics)
