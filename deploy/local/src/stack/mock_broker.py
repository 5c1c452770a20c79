"""``python -m stack.mock_broker <file>``: librdkafka's in-process broker as a process of its own.

Writes its address (``host:port``) to the file, prints it, and stays until SIGTERM or SIGINT. It keeps everything
in memory, at most 5 MiB a partition; topics appear with 4 partitions on first use. For trying out and fast tests.
"""

import os
import signal
import sys
from pathlib import Path

from confluent_kafka import Producer

_ANSWER_SECONDS = 10


def main(address_file: Path) -> int:
    """Serve until told to stop."""
    ending = {signal.SIGTERM, signal.SIGINT}
    # Blocked before the library makes its threads, so that the signal waits for us and ends nobody else.
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    producer = Producer({"test.mock.num.brokers": 1, "broker.address.family": "v4"})
    brokers = producer.list_topics(timeout=_ANSWER_SECONDS).brokers.values()
    address = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
    partial = address_file.with_suffix(".partial")
    partial.write_text(address)
    os.replace(partial, address_file)
    print(address, flush=True)
    signal.sigwait(ending)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
