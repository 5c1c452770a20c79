"""The embedded broker is a process of its own and takes what aiokafka sends."""

from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from stack.broker import EmbeddedBroker


async def test_embedded_broker_passes_messages_on(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path)
    broker.start()
    try:
        async with AIOKafkaProducer(
            bootstrap_servers=broker.bootstrap, enable_idempotence=True, acks="all"
        ) as producer:
            await producer.send_and_wait("transfer.platform.v1", b"value", key=b"case")
        async with AIOKafkaConsumer(
            "transfer.platform.v1", bootstrap_servers=broker.bootstrap, group_id="g", auto_offset_reset="earliest"
        ) as consumer:
            record = await consumer.getone()
        assert (record.key, record.value) == (b"case", b"value")
    finally:
        broker.stop()
    assert broker.pid is None


def test_embedded_broker_starts_again_after_a_stop(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path)
    for _ in range(2):
        broker.start()
        assert broker.pid is not None
        assert broker.bootstrap.startswith("127.0.0.1:")
        broker.stop()
