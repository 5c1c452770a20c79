"""The broker of the local stack: embedded, real, or one that is given by its address."""

import sys
import time
from pathlib import Path
from typing import Protocol

from stack.child import Child
from stack.errors import NotReady

_READY_SECONDS = 20.0
_STOP_SECONDS = 5.0


class Broker(Protocol):
    """What the stack needs of a broker; ``stack.kafka.RealKafka`` is one too."""

    @property
    def bootstrap(self) -> str:
        """Where clients begin: ``host:port``; known after ``start``."""

    @property
    def pid(self) -> int | None:
        """Its process id while it runs here."""

    def start(self) -> None:
        """Return once it serves."""

    def stop(self) -> None:
        """End it cleanly."""


class EmbeddedBroker:
    """librdkafka's in-process broker, in a process of its own.

    Memory only, and a new port at each start: after a restart the outboxes send again whatever has no receipt.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.bootstrap = ""
        self._address_file = folder / "address"
        self._child = Child(
            "broker",
            [sys.executable, "-m", "stack.mock_broker", str(self._address_file)],
            log=folder / "broker.log",
        )

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid

    def start(self) -> None:
        """Start it and learn its address; raises ``NotReady`` or ``ProcessEnded``."""
        self._address_file.unlink(missing_ok=True)
        self._child.start()
        deadline = time.monotonic() + _READY_SECONDS
        while not self._address_file.exists():
            self._child.check()
            if time.monotonic() > deadline:
                raise NotReady(f"the embedded broker does not serve after {_READY_SECONDS:g} s")
            time.sleep(0.02)
        self.bootstrap = self._address_file.read_text()

    def stop(self) -> None:
        """End it; what it held is gone."""
        self._child.stop(within_seconds=_STOP_SECONDS)


class GivenBroker:
    """A broker that somebody else runs."""

    pid: int | None = None

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""
