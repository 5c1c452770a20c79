"""An issuer that does not answer holds up nobody whose key is known."""

import asyncio

import httpx
import pytest

from shared.errors import Unavailable
from shared.web.jwks import KeySet
from tests.clocks import AdvancingClock
from tests.unit.shared.web.conftest import KID, Issuer


class Hanging:
    """The issuer; from ``hangs`` on it answers only when released."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self.released = asyncio.Event()
        self.is_asked = asyncio.Event()
        self.hangs = False
        self.asked = 0

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.hangs:
            self.is_asked.set()
            await self.released.wait()
        return self._issuer.answer(request)


def key_set(transport: Hanging, clock: AdvancingClock) -> KeySet:
    return KeySet("http://issuer/jwks", httpx.AsyncClient(transport=httpx.MockTransport(transport.answer)), clock)


async def test_known_key_counts_at_once_while_the_issuer_hangs(clock: AdvancingClock) -> None:
    issuer = Issuer(clock)
    transport = Hanging(issuer)
    keys = key_set(transport, clock)
    known = await keys.key(KID)
    assert known is not None
    clock.advance(hours=1)
    transport.hangs = True
    first = asyncio.create_task(keys.key(KID))
    async with asyncio.timeout(5):
        await transport.is_asked.wait()
        assert await keys.key(KID) is known
    assert not first.done()
    transport.released.set()
    assert await first is not None
    assert transport.asked == 2


async def test_unknown_key_is_asked_for_once_in_a_while(clock: AdvancingClock) -> None:
    transport = Hanging(Issuer(clock))
    keys = key_set(transport, clock)
    assert [await keys.key(f"k{number}") for number in range(20)] == [None] * 20
    assert transport.asked == 1
    clock.advance(seconds=11)
    assert await keys.key("k") is None
    assert transport.asked == 2


async def test_no_key_at_all_is_an_outage_and_no_refusal(clock: AdvancingClock) -> None:
    def fails(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down")

    http = httpx.AsyncClient(transport=httpx.MockTransport(fails))
    with pytest.raises(Unavailable):
        await KeySet("http://issuer/jwks", http, clock).key(KID)
