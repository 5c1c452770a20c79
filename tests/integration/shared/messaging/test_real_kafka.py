"""On a real broker, where topics do not appear by themselves and can go away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from shared.contracts.party import PLATFORM
from shared.database import Database
from shared.messaging.consumer import Consumer
from shared.messaging.topics import provision
from stack.kafka import RealKafka
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.integration.shared.messaging.conftest import SCRIPTS
from tests.integration.shared.messaging.parts import CASE, JINAN, Service, World, accepted, to_jinan, turn

pytestmark = pytest.mark.real_kafka

DEADLINE_SECONDS = 90.0
TOPICS = (PLATFORM.topic, JINAN.topic)


@pytest.fixture
async def pair(
    new_database: NewDatabase, world: World, clock: AdvancingClock, real_kafka: RealKafka
) -> AsyncIterator[tuple[Service, Service]]:
    """The platform and an outbound on fresh topics with one partition each."""
    await provision(real_kafka.bootstrap, TOPICS, partitions=1)
    services = [
        Service(Database((await new_database(SCRIPTS)).app_url), world, clock, real_kafka.bootstrap, party)
        for party in (PLATFORM, JINAN)
    ]
    yield services[0], services[1]
    for service in services:
        await service.close()
    await delete(real_kafka.bootstrap, *TOPICS)


async def delete(bootstrap: str, *topics: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics(list(topics))
        async with asyncio.timeout(DEADLINE_SECONDS):
            while set(topics) & set(await admin.list_topics()):  # noqa: ASYNC110 - the broker tells nobody
                await asyncio.sleep(0.05)
    finally:
        await admin.close()


async def turn_until(is_done: Callable[[], Awaitable[bool]], *services: Service) -> None:
    """Turn the loops until it is done; time goes on."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not await is_done():
            await turn(*services)
            services[0].clock.advance(seconds=1)


def receipted(sender: Service) -> Callable[[], Awaitable[bool]]:
    async def is_receipted() -> bool:
        return await sender.count("outbox") == 0

    return is_receipted


async def test_provisioning_twice_leaves_the_topics_as_they_are(real_kafka: RealKafka) -> None:
    await provision(real_kafka.bootstrap, ["transfer.twice.v1"], partitions=3)
    await provision(real_kafka.bootstrap, ["transfer.twice.v1"], partitions=5)
    admin = AIOKafkaAdminClient(bootstrap_servers=real_kafka.bootstrap)
    await admin.start()
    [described] = await admin.describe_topics(["transfer.twice.v1"])
    await admin.close()
    assert len(described["partitions"]) == 3


async def test_replaced_consumer_goes_on_where_the_last_one_committed(pair: tuple[Service, Service]) -> None:
    sender, receiver = pair
    await sender.send(*(to_jinan(accepted(n)) for n in range(1, 4)))
    await turn_until(receipted(sender), sender, receiver)
    await receiver.consumer.close()
    receiver.consumer = Consumer(receiver.subscription, receiver.intake, receiver.publisher)
    await sender.send(to_jinan(accepted(4)))
    await turn_until(receipted(sender), sender, receiver)
    assert len(await receiver.noted(CASE)) == 4
    assert await receiver.count("inbox") == 4


async def test_topic_made_again_under_a_live_consumer_loses_nothing(
    pair: tuple[Service, Service], real_kafka: RealKafka
) -> None:
    sender, receiver = pair
    await sender.send(*(to_jinan(accepted(n), f"FIRST{n:04d}") for n in range(1, 51)))
    await turn_until(receipted(sender), sender, receiver)
    await delete(real_kafka.bootstrap, JINAN.topic)
    await provision(real_kafka.bootstrap, [JINAN.topic], partitions=1)
    await sender.send(*(to_jinan(accepted(n), f"AGAIN{n:04d}") for n in range(1, 81)))
    await turn_until(receipted(sender), sender, receiver)
    assert await receiver.count("noted") == 130
    assert await receiver.count("inbox") == 130


async def test_broker_that_lost_everything_loses_nothing(pair: tuple[Service, Service], real_kafka: RealKafka) -> None:
    sender, receiver = pair
    await sender.send(*(to_jinan(accepted(n), f"FIRST{n:04d}") for n in range(1, 21)))
    await turn_until(receipted(sender), sender, receiver)
    await sender.send(*(to_jinan(accepted(n), f"AGAIN{n:04d}") for n in range(1, 21)))
    await sender.relay.turn()
    await asyncio.to_thread(real_kafka.wipe)
    await asyncio.to_thread(real_kafka.start)
    await provision(real_kafka.bootstrap, TOPICS, partitions=1)
    await turn_until(receipted(sender), sender, receiver)
    assert await receiver.count("noted") == 40
