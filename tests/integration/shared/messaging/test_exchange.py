"""Two services over a broker: sent until receipted, taken in once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy.exc import DBAPIError

from shared.contracts.party import PLATFORM
from shared.database import Database
from shared.messaging import metrics, resend
from shared.messaging.gauges import Gauges
from shared.messaging.publisher import BrokerUnavailable
from shared.messaging.relay import Relay
from shared.outages import is_outage
from tests.brokers import EmbeddedBroker
from tests.clocks import AdvancingClock
from tests.conftest import NewDatabase
from tests.databases import Postgres
from tests.integration.shared.messaging.conftest import SCRIPTS
from tests.integration.shared.messaging.parts import CASE, JINAN, OTHER_CASE, Service, World, accepted, to_jinan, turn

DEADLINE_SECONDS = 60.0


@pytest.fixture
async def sender(
    new_database: NewDatabase, world: World, clock: AdvancingClock, embedded_broker: EmbeddedBroker
) -> AsyncIterator[Service]:
    database = Database((await new_database(SCRIPTS)).app_url)
    service = Service(database, world, clock, embedded_broker.bootstrap_servers, PLATFORM)
    yield service
    await service.close()


@pytest.fixture
async def receiver(
    new_database: NewDatabase, world: World, clock: AdvancingClock, embedded_broker: EmbeddedBroker
) -> AsyncIterator[Service]:
    database = Database((await new_database(SCRIPTS)).app_url)
    service = Service(database, world, clock, embedded_broker.bootstrap_servers, JINAN)
    yield service
    await service.close()


async def turn_until(is_done: Callable[[], Awaitable[bool]], *services: Service) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        # The broker lets seconds pass before it lets anybody into a group: once for all of them.
        await asyncio.gather(*(turn(service) for service in services))
        while not await is_done():
            await turn(*services)


def emptied(service: Service) -> Callable[[], Awaitable[bool]]:
    async def is_empty() -> bool:
        return await service.count("outbox") == 0

    return is_empty


async def test_messages_arrive_are_applied_and_receipted(sender: Service, receiver: Service) -> None:
    await sender.send(*(to_jinan(accepted(n), case) for n in (1, 2, 3) for case in (CASE, OTHER_CASE)))
    await turn_until(emptied(sender), sender, receiver)
    for case in (CASE, OTHER_CASE):
        assert await receiver.noted(case) == [f"platform {n} SheetAccepted {n}" for n in (1, 2, 3)]
    assert await sender.count("message_receipt") == 6
    assert await receiver.count("outbox") == 0


async def test_relay_sends_again_what_got_no_receipt(sender: Service, receiver: Service, world: World) -> None:
    await sender.send(to_jinan(accepted(1)))
    await sender.relay.turn()
    assert await sender.rows("SELECT attempts FROM outbox") == [(1,)]
    await sender.relay.turn()
    assert await sender.rows("SELECT attempts FROM outbox") == [(1,)]
    await sender.relay.close()
    sender.relay = Relay(sender.database, sender.publisher, sender.clock, signers=sender.signers)
    sender.clock.advance(seconds=31)
    await sender.relay.turn()
    assert await sender.rows("SELECT attempts, due_at - recorded_at > interval '90 s' FROM outbox") == [(2, True)]
    await turn_until(emptied(sender), sender, receiver)
    assert await receiver.noted(CASE) == ["platform 1 SheetAccepted 1"]


async def test_only_one_relay_of_a_service_sends(sender: Service) -> None:
    second = Relay(sender.database, sender.publisher, sender.clock, signers=sender.signers)
    await sender.relay.turn()
    await sender.send(to_jinan(accepted(1)))
    assert await second.turn() == 0
    assert await sender.rows("SELECT attempts FROM outbox") == [(0,)]
    await sender.relay.close()
    assert await second.turn() > 0
    await second.close()


async def test_restored_recipient_gets_everything_again(
    sender: Service, receiver: Service, new_database: NewDatabase, world: World, clock: AdvancingClock
) -> None:
    since = clock.now()
    await sender.send(to_jinan(accepted(1)), to_jinan(accepted(2)))
    await turn_until(emptied(sender), sender, receiver)
    await sender.close()
    await receiver.close()
    # The broker has lost everything too, so that only what is sent again can arrive.
    broker = EmbeddedBroker()
    resumed = Service(sender.database, world, clock, broker.bootstrap_servers, PLATFORM)
    database = Database((await new_database(SCRIPTS)).app_url)
    restored = Service(database, world, clock, broker.bootstrap_servers, JINAN)
    clock.advance(hours=1)
    async with restored.database.transaction() as connection:
        await resend.request(
            connection,
            party=JINAN,
            senders=[PLATFORM],
            since=since,
            signers=restored.signers,
            now=clock.now(),
        )

    async def has_caught_up() -> bool:
        return len(await restored.noted(CASE)) == 2 and await restored.count("outbox") == 0

    await turn_until(has_caught_up, resumed, restored)
    await turn_until(emptied(resumed), resumed, restored)
    await restored.close()
    await resumed.close()


async def test_consumer_keeps_its_batch_when_the_database_breaks_off(
    sender: Service, receiver: Service, postgres: Postgres
) -> None:
    assert await receiver.count("inbox") == 0
    await receiver.consumer.turn()
    await sender.send(to_jinan(accepted(1)))
    await sender.relay.turn()
    await postgres.break_connections(receiver.database.engine.url.database or "")

    async def consume() -> None:
        while not await receiver.consumer.turn():
            pass

    with pytest.raises(DBAPIError) as broken:
        await asyncio.wait_for(consume(), DEADLINE_SECONDS)
    assert is_outage(broken.value)
    assert await receiver.consumer.turn()
    assert await receiver.noted(CASE) == ["platform 1 SheetAccepted 1"]


async def test_broker_that_is_down_is_an_outage_and_keeps_the_outbox(platform: Service) -> None:
    await platform.send(to_jinan(accepted(1)))
    with pytest.raises(BrokerUnavailable):
        await platform.relay.turn()
    assert await platform.rows("SELECT attempts FROM outbox") == [(0,)]


async def test_gauges_show_what_waits(platform: Service, jinan: Service) -> None:
    await platform.send(to_jinan(accepted(1)), to_jinan(accepted(2)))
    platform.clock.advance(seconds=90)
    async with platform.database.connection() as connection:
        await Gauges(platform.database, platform.clock).measure(connection)
    assert metrics.OUTBOX_DEPTH._value.get() == 2
    assert metrics.OUTBOX_AGE._value.get() == pytest.approx(90, abs=1)
    assert metrics.RECEIPTS_OUTSTANDING._value.get() == 0
    first, second = await platform.outgoing()
    await jinan.intake.take([second])
    async with jinan.database.connection() as connection:
        await Gauges(jinan.database, jinan.clock).measure(connection)
    assert metrics.INBOX_WAITING._value.get() == 1
    assert first.key == CASE
