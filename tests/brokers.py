"""The in-process broker of librdkafka: memory only, topics appear on first use with 4 partitions."""

from confluent_kafka import Producer


class EmbeddedBroker:
    """Lives as long as this object. ``bootstrap_servers`` is its address."""

    def __init__(self) -> None:
        self._producer = Producer({"test.mock.num.brokers": 1})
        brokers = self._producer.list_topics(timeout=10).brokers.values()
        self.bootstrap_servers = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
