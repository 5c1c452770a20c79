"""Who stops in the middle of a body does not hold a connection for ever."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.web import routing


@pytest.mark.parametrize(("path", "content_type"), [("/v1/things", "application/json"), ("/v1/uploads", "text/csv")])
async def test_sender_that_falls_silent_is_told_so(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str, content_type: str
) -> None:
    monkeypatch.setattr(routing, "_MAX_SILENCE_SECONDS", 0.05)

    async def body() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with asyncio.timeout(20):
        answer = await client.post(path, content=body(), headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (408, "body-too-slow")
    assert answer.headers["connection"] == "close"
