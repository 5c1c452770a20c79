"""Real parts for the tests: an embedded PostgreSQL, an embedded broker, and real Kafka where Java and Maven are."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from stack.kafka import RealKafka
from tests.brokers import EmbeddedBroker
from tests.clocks import AdvancingClock, FixedClock
from tests.databases import FreshDatabase, Postgres
from tests.distribution import Distribution, place_of
from tests.real_kafka import require_real_kafka

NewDatabase = Callable[[str | Path], Awaitable[FreshDatabase]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shared between processes, the long tests begin first."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config) -> Distribution:
    """Keep what belongs together on one process; xdist 3.8 does not see its own groups under pytest 9.2."""
    config.option.loadscopereorder = False
    return Distribution(config)


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """One server per test process."""
    server = Postgres()
    try:
        await server.prepare()
        yield server
    finally:
        server.stop()


@pytest.fixture
async def new_database(postgres: Postgres) -> AsyncIterator[NewDatabase]:
    """``await new_database("outbound")`` is a fresh migrated database; dropped when the test ends."""
    made: list[FreshDatabase] = []

    async def make(package: str | Path) -> FreshDatabase:
        made.append(await postgres.fresh(package))
        return made[-1]

    yield make
    for database in made:
        await postgres.drop(database)


@pytest.fixture
def embedded_broker() -> EmbeddedBroker:
    """A broker of this test's own."""
    return EmbeddedBroker()


@pytest.fixture
def clock() -> AdvancingClock:
    """Stands at a Monday morning until the test advances it."""
    return AdvancingClock()


@pytest.fixture
def fixed_clock() -> FixedClock:
    """Stands at a Monday morning."""
    return FixedClock()


@pytest.fixture(scope="session")
def real_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKafka]:
    """A real Kafka broker; mark the test ``real_kafka``. Where ``REQUIRE_REAL_KAFKA=1``, missing tools fail."""
    require_real_kafka()
    with RealKafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker
