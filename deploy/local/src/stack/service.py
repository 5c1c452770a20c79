"""One service of the local stack as one or two processes."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from stack.child import Child
from stack.errors import NotReady

READY_SECONDS = 45.0
STOP_SECONDS = 12.0
_POLL_SECONDS = 0.05
_COMMAND_SECONDS = 60.0


@dataclass(frozen=True)
class Launch:
    """How a process of a service is started: ``command`` before the role, its environment, its folder for logs."""

    package: str
    command: Sequence[str]
    env: Mapping[str, str]
    logs: Path

    async def run(self, verb: str, **env: str) -> None:
        """Run a command that ends by itself, such as ``migrate``; raises ``ProcessEnded`` when it fails."""
        command = [*self.command, verb]
        child = Child(f"{self.package} {verb}", command, env={**self.env, **env}, log=self._log(verb))
        child.start()
        if await asyncio.to_thread(child.wait, within_seconds=_COMMAND_SECONDS) != 0:
            child.check()
        child.stop(within_seconds=0)

    def process(self, role: str, port: int) -> "ServiceProcess":
        """The long-running process of ``role`` (``all``, ``api`` or ``worker``), listening on ``port``."""
        name = self.package if role == "all" else f"{self.package}-{role}"
        env = {**self.env, "PORT": str(port), "REPLICA": f"{role}-0"}
        child = Child(name, [*self.command, role], env=env, log=self._log(role))
        return ServiceProcess(child, f"http://127.0.0.1:{port}")

    def _log(self, role: str) -> Path:
        return self.logs / f"{self.package}-{role}.log"


class ServiceProcess:
    """A process that says at ``/readyz`` when it takes work."""

    def __init__(self, child: Child, url: str) -> None:
        self.child = child
        self.url = url

    @property
    def name(self) -> str:
        """The service's package, with its role where it has two processes."""
        return self.child.name

    async def start(self, *, within_seconds: float = READY_SECONDS) -> None:
        """Start and wait until ready; raises ``ProcessEnded`` or ``NotReady``."""
        self.child.start()
        await self.wait_ready(within_seconds=within_seconds)

    async def wait_ready(self, *, within_seconds: float = READY_SECONDS) -> None:
        """Poll ``/readyz``; raises ``ProcessEnded`` or ``NotReady``."""
        deadline = time.monotonic() + within_seconds
        async with httpx.AsyncClient(base_url=self.url, timeout=2, trust_env=False) as http:
            while not await _is_ready(http):
                self.child.check()
                if time.monotonic() > deadline:
                    raise NotReady(f"{self.name} is not ready after {within_seconds:g} s; see {self.child.log}")
                await asyncio.sleep(_POLL_SECONDS)

    async def stop(self, *, within_seconds: float = STOP_SECONDS) -> int | None:
        """SIGTERM and wait; gives the return code (-9 when it had to be killed)."""
        return await asyncio.to_thread(self.child.stop, within_seconds=within_seconds)

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self.child.kill()

    def memory_bytes(self) -> int:
        """Resident memory; 0 when it does not run."""
        return resident_bytes(self.child.pid)


def resident_bytes(pid: int | None) -> int:
    """Resident memory of a process; 0 when there is none."""
    try:
        return 0 if pid is None else int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
