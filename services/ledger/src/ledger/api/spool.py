"""A streamed body on disk instead of in memory."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import anyio
from starlette.requests import Request

from ledger.context import LedgerContext

_IN_MEMORY = 1024 * 1024
_WRITE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Spooled:
    """A body that has arrived whole: ``digest`` is SHA-256 of its bytes."""

    file: BinaryIO
    digest: bytes
    size_bytes: int


def max_file_bytes(context: LedgerContext) -> int:
    """The most that a file from outside may hold, whatever it tells."""
    return context.settings.max_statement_bytes


@asynccontextmanager
async def spooled(request: Request, folder: Path | None) -> AsyncIterator[Spooled]:
    """The request's body in a temporary file, which goes with the block; the route's limit bounds it."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=None if folder is None else str(folder)) as file:
        digest, size_bytes, pending = hashlib.sha256(), 0, bytearray()
        async for chunk in request.stream():
            digest.update(chunk)
            size_bytes += len(chunk)
            pending += chunk
            if len(pending) >= _WRITE:
                await anyio.to_thread.run_sync(file.write, bytes(pending))
                pending.clear()
        await anyio.to_thread.run_sync(file.write, bytes(pending))
        yield Spooled(cast(BinaryIO, file), digest.digest(), size_bytes)
