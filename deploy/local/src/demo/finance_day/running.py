"""The stack that ``make up`` keeps running, found by what it left in its folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from demo.errors import DemoError
from demo.world import World, connected
from shared.clock import SystemClock
from shared.web.development_issuer.signing_key import SigningKey
from stack.areas import read_areas
from stack.issuer import AUDIENCE
from stack.tokens import Tokens

_WITHIN_SECONDS = 60.0
_ISSUER = "ISSUER"


class NotUp(DemoError):
    """No stack has said where it is."""


@asynccontextmanager
async def at_running_stack(state: Path) -> AsyncIterator[World]:
    """The world of the stack whose folder is ``state``; raises ``NotUp`` when it has left no addresses there."""
    file = state / "addresses"
    if not file.exists():
        raise NotUp(f"{state} 中没有正在运行的系统，请先在另一个终端 make up")
    lines = file.read_text(encoding="utf-8").split()
    addresses = {name.lower(): url.removesuffix("/v1") for name, _, url in (line.partition("=") for line in lines)}
    key = SigningKey.load_or_make(
        state / "issuer" / "key.pem", issuer=addresses.pop(_ISSUER.lower()), audience=AUDIENCE
    )
    tokens = Tokens(key, SystemClock())
    async with connected(addresses, tokens, read_areas(), within_seconds=_WITHIN_SECONDS) as world:
        yield world
