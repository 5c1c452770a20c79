"""Which process used how much of the processors and of the memory."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import psutil

from stack.local_stack import LocalStack

_SAMPLE_SECONDS = 0.5
_MEBIBYTE = 1024 * 1024


@dataclass(slots=True)
class Usage:
    """Processor seconds by process while it was watched, and the most memory that each held, in bytes."""

    cpu_seconds: dict[str, float] = field(default_factory=dict)
    memory_bytes: dict[str, int] = field(default_factory=dict)

    def memory_mib(self, name: str) -> float:
        """The most resident memory of a process in MiB."""
        return self.memory_bytes.get(name, 0) / _MEBIBYTE


@asynccontextmanager
async def watched(stack: LocalStack) -> AsyncIterator[Usage]:
    """The usage of every process of ``stack`` and of ourselves (``driver``) inside the block."""
    usage, roots = Usage(), _roots(stack)
    before = _cpu(roots)
    sampling = asyncio.create_task(_sample_memory(roots, usage))
    try:
        yield usage
    finally:
        sampling.cancel()
        with suppress(asyncio.CancelledError):
            await sampling
        usage.cpu_seconds |= {name: seconds - before[name] for name, seconds in _cpu(roots).items()}


def postgres_seconds(pid: int) -> float:
    """Processor seconds that a server and its processes have used so far."""
    return sum(_seconds(each) for each in _with_workers("postgres", psutil.Process(pid)))


def _roots(stack: LocalStack) -> dict[str, psutil.Process]:
    services = {name: process.child.pid for name, process in stack.processes.items()}
    pids = {**services, "postgres": stack.postgres.pid, "kafka": stack.broker.pid, "driver": os.getpid()}
    return {name: psutil.Process(pid) for name, pid in pids.items() if pid is not None}


def _cpu(roots: Mapping[str, psutil.Process]) -> dict[str, float]:
    return {name: sum(_seconds(each) for each in _with_workers(name, root)) for name, root in roots.items()}


def _with_workers(name: str, root: psutil.Process) -> list[psutil.Process]:
    """PostgreSQL has a process for each connection; our own children are counted by their names."""
    return [root, *root.children(recursive=True)] if name == "postgres" else [root]


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        # What ended children used stands with their parent.
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


async def _sample_memory(roots: Mapping[str, psutil.Process], usage: Usage) -> None:
    while True:
        for name, root in roots.items():
            held = int(root.memory_info().rss)
            usage.memory_bytes[name] = max(held, usage.memory_bytes.get(name, 0))
        await asyncio.sleep(_SAMPLE_SECONDS)
