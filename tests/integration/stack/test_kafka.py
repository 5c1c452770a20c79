"""The real broker does to its data what the fault tests rely on."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from shared.messaging.topics import provision
from stack.kafka import RealKafka
from tests.real_kafka import require_real_kafka

pytestmark = pytest.mark.real_kafka
TOPIC = "transfer.platform.v1"


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKafka]:
    require_real_kafka()
    with RealKafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


def topics(kafka: RealKafka) -> set[str]:
    return set(AdminClient({"bootstrap.servers": kafka.bootstrap}).list_topics(timeout=10).topics)


def create(kafka: RealKafka) -> None:
    client = AdminClient({"bootstrap.servers": kafka.bootstrap})
    client.create_topics([NewTopic(TOPIC, num_partitions=4, replication_factor=1)])[TOPIC].result(10)


def test_keeps_topics_and_address_over_a_kill_and_loses_them_when_wiped(kafka: RealKafka) -> None:
    address = kafka.bootstrap
    create(kafka)
    kafka.kill()
    assert kafka.pid is None
    kafka.start()
    assert TOPIC in topics(kafka)
    kafka.stop()
    kafka.start()
    assert TOPIC in topics(kafka)
    kafka.wipe()
    kafka.start()
    assert topics(kafka) == set()
    assert kafka.bootstrap == address


def test_topics_never_appear_by_themselves(kafka: RealKafka) -> None:
    client = AdminClient({"bootstrap.servers": kafka.bootstrap})
    client.list_topics("transfer.never.v1", timeout=10)
    assert "transfer.never.v1" not in topics(kafka)


async def test_the_topics_command_makes_what_is_missing_and_only_that(kafka: RealKafka) -> None:
    await provision(kafka.bootstrap, ["transfer.ledger.370100.v1"])
    await provision(kafka.bootstrap, ["transfer.ledger.370100.v1", "transfer.ledger.370200.v1"])
    deadline = time.monotonic() + 10  # the broker learns from its controller a moment later
    while not topics(kafka) >= {"transfer.ledger.370100.v1", "transfer.ledger.370200.v1"}:
        assert time.monotonic() < deadline


def test_logs_only_warnings(kafka: RealKafka, tmp_path: Path) -> None:
    assert " INFO " not in (kafka.folder / "kafka.log").read_text()
