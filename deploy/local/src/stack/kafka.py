"""A real Kafka broker (KRaft, one node) without Docker, for fault tests, the bench and ``make up KAFKA=real``."""

import base64
import logging
import shutil
import subprocess
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from stack.child import Child
from stack.errors import NotReady, StackError
from stack.kafka_libraries import kafka_libraries, unavailable_reason
from stack.paths import LOCAL
from stack.state_folder import ports_for

__all__ = ["RealKafka", "unavailable_reason"]

_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0

_SILENT = logging.getLogger("stack.kafka.readiness")
_SILENT.disabled = True


class RealKafka:
    """One broker on two loopback ports with its data under ``folder``.

    The ports stay the same over ``start`` after ``stop``, ``kill`` or ``wipe``, so that clients reconnect.
    A folder that was used before keeps its data. Every call blocks; raises ``ToolMissing`` where
    ``unavailable_reason`` says why, ``NotReady`` and ``ProcessEnded`` when the broker does not come up.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        found = ports_for(["client", "controller"], self.folder / "ports.json")
        self._ports = (found["client"], found["controller"])
        self.bootstrap = f"127.0.0.1:{self._ports[0]}"
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """The broker's process id while it runs."""
        return self._child.pid if self._child is not None else None

    def start(self) -> None:
        """Start on the data as it stands and return once the broker serves."""
        libraries = kafka_libraries()
        self._write_properties()
        if not (self._data / "meta.properties").exists():
            self._format(libraries)
        if self._child is None:
            self._child = Child(
                "kafka",
                [*self._java(libraries, "-Xmx512m"), "kafka.Kafka", str(self._properties)],
                log=self.folder / "kafka.log",
                cwd=self.folder,
            )
        self._child.start()
        self._wait_until_serving(self._child)

    def stop(self) -> None:
        """Shut the broker down cleanly; its data stays."""
        if self._child is not None:
            self._child.stop(within_seconds=_STOP_SECONDS)

    def kill(self) -> None:
        """End the broker as a power cut would (SIGKILL); its data stays as it stood."""
        if self._child is not None:
            self._child.kill()

    def wipe(self) -> None:
        """Lose everything the broker held: kills it if it runs; the next ``start`` begins with no topics."""
        self.kill()
        shutil.rmtree(self._data, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def _write_properties(self) -> None:
        client, controller = self._ports
        lines = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{client}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(self._data),
            "auto.create.topics.enable": "false",
            "delete.topic.enable": "true",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            # A killed broker may register again only when its old session has run out (9 s by default).
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
            "log.segment.bytes": "67108864",
            "num.network.threads": "2",
            "num.io.threads": "2",
        }
        self._properties.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))

    def _format(self, libraries: Path) -> None:
        """Give the data folder its identity; a half-made one from an earlier try is made again."""
        shutil.rmtree(self._data, ignore_errors=True)
        command = [
            *self._java(libraries, "-Xmx128m"),
            *("kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", str(self._properties)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_READY_SECONDS, check=False)
        if done.returncode != 0:
            raise StackError(f"Kafka's data folder could not be made:\n{(done.stdout + done.stderr)[-2000:]}")

    def _java(self, libraries: Path, heap: str) -> list[str]:
        quiet = f"-Dlog4j2.configurationFile={LOCAL / 'kafka' / 'log4j2.properties'}"
        # A broker for minutes on a small machine: optimising its code costs more than running it unoptimised.
        return ["java", heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", quiet, "-cp", f"{libraries}/*"]

    def _wait_until_serving(self, child: Child) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not _serves(self.bootstrap):
            child.check()
            if time.monotonic() > deadline:
                raise NotReady(f"Kafka does not serve after {_READY_SECONDS:g} s; see {child.log}")
            time.sleep(0.1)


def _cluster_id() -> str:
    """A random id in Kafka's form: 16 bytes in URL-safe base64, never beginning with a dash."""
    return base64.urlsafe_b64encode(b"\x00" + uuid.uuid4().bytes[1:]).decode().rstrip("=")


def _serves(bootstrap: str) -> bool:
    """Whether the broker lists itself: only then has its registration come through and it takes requests."""
    client = AdminClient({"bootstrap.servers": bootstrap, "socket.timeout.ms": 1000}, logger=_SILENT)
    try:
        return len(client.list_topics(timeout=1).brokers) > 0
    except KafkaException:
        return False
