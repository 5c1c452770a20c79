"""Cursors that no list gave out are refused, also those of the right shape."""

from typing import Any

import pytest

from shared.web.paging import encode_cursor
from tests.integration.platform_gateway.gateway import CHANNEL, OPERATOR, Gateway

OVERSEER = {"sub": "watcher", "scope": "oversight:read", "oversight": "370000"}

FORGED: list[tuple[str, dict[str, Any], tuple[str | int, ...]]] = [
    ("/statistics/overdue", OVERSEER, ("2026-13-01", "A", "total", 0)),
    ("/statistics/overdue.csv", OVERSEER, ("2026-03-01", "A", "total", 2**40)),
    ("/calendar-years", OPERATOR, (2**40,)),
    ("/transfers", CHANNEL, ("0001-01-01T00:00:00+14:00", "A")),
]


@pytest.mark.parametrize(("path", "caller", "key"), FORGED)
async def test_a_forged_cursor_is_refused(
    gateway: Gateway, path: str, caller: dict[str, Any], key: tuple[str | int, ...]
) -> None:
    answer = await gateway.call("GET", f"{path}?cursor={encode_cursor(key)}", caller)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (422, "invalid-cursor")
