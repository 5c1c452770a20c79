"""What is left of a body that was refused: read away in bounds, so that the sender gets to see the answer.

A connection that is closed over unread bytes is reset, and a reset takes the answer with it.
"""

import asyncio
from contextlib import suppress

from starlette.requests import Request

_MAX_BYTES = 8 * 1024 * 1024
_MAX_SECONDS = 2.0


async def discard_rest(request: Request) -> None:
    """Read up to 8 MiB for up to 2 s and forget them; who sends more than that is cut off."""
    # Such a sender waits for our word before it sends anything (RFC 9110 §10.1.1): reading would be that word.
    if request.headers.get("expect", "").lower() == "100-continue":
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(_MAX_SECONDS):
            await _read_away(request)


async def _read_away(request: Request) -> None:
    taken = 0
    while taken < _MAX_BYTES:
        message = await request.receive()
        taken += len(message.get("body", b""))
        if not message.get("more_body", False):
            return
