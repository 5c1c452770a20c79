"""The four services over HTTP. What may have been lost is sent again with the same key; every wait has an end."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from demo.errors import NotInTime, Unexpected

T = TypeVar("T")
Json = dict[str, Any]

PLATFORM, OUTBOUND, INBOUND, LEDGER = "platform_gateway", "outbound", "inbound", "ledger"

_FIRST_POLL_SECONDS = 0.15
_MAX_POLL_SECONDS = 0.6
_POLL_GROWTH = 1.25
_FIRST_BACKOFF_SECONDS = 0.05
_MAX_BACKOFF_SECONDS = 1.0
_KEY_IN_USE = "idempotency-key-in-use"
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``service`` is the package; ``key`` the Idempotency-Key; ``seen`` an ETag for ``If-Match``."""

    token: str
    service: str
    method: str
    path: str
    json: Any = None
    content: bytes | None = None
    content_type: str | None = None
    accept: str | None = None
    params: Mapping[str, str] | None = None
    key: str | None = None
    seen: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers."""
        optional = {
            "Content-Type": self.content_type,
            "Accept": self.accept,
            "Idempotency-Key": self.key,
            "If-Match": self.seen,
        }
        return {"Authorization": f"Bearer {self.token}"} | {name: text for name, text in optional.items() if text}


class Services:
    """Calls by public REST only. ``patience_seconds`` bounds how long an unreachable service is tried."""

    def __init__(self, urls: Mapping[str, str], http: httpx.AsyncClient, *, patience_seconds: float = 30.0) -> None:
        self.patience_seconds = patience_seconds
        self._urls = urls
        self._http = http

    async def send(self, call: Call) -> httpx.Response:
        """The answer below 400; raises ``Unexpected`` for a refusal, ``NotInTime`` when nobody answers."""
        deadline = time.monotonic() + self.patience_seconds
        backoff = _FIRST_BACKOFF_SECONDS
        while True:
            response, reason = await self._try(call)
            if response is not None:
                return response
            if time.monotonic() + backoff > deadline:
                raise NotInTime(f"{call.method} {call.service}{call.path}：{reason}")
            await asyncio.sleep(backoff)
            backoff = min(2 * backoff, _MAX_BACKOFF_SECONDS)

    async def _try(self, call: Call) -> tuple[httpx.Response | None, str]:
        """The answer, or none with the reason why the same call may be made again."""
        try:
            response = await self._http.request(
                call.method,
                f"{self._urls[call.service]}/v1{call.path}",
                json=call.json,
                content=call.content,
                params=call.params,
                headers=call.headers,
            )
        except httpx.TransportError as error:
            return None, type(error).__name__
        if response.is_success:
            return response, ""
        refusal = _refusal(call, response)
        if response.is_server_error or response.status_code == _TOO_MANY_REQUESTS or refusal.problem == _KEY_IN_USE:
            return None, str(refusal)
        raise refusal

    async def json(self, call: Call) -> Json:
        """The answer's body; raises as ``send`` does."""
        body: Json = (await self.send(call)).json()
        return body


async def until(
    fetch: Callable[[], Awaitable[T]], is_done: Callable[[T], bool], *, what: str, within_seconds: float
) -> T:
    """Fetch until ``is_done``, more seldom the longer it takes; raises ``NotInTime`` naming ``what`` was waited for."""
    deadline = time.monotonic() + within_seconds
    pause = _FIRST_POLL_SECONDS
    while True:
        found = await fetch()
        if is_done(found):
            return found
        if time.monotonic() > deadline:
            raise NotInTime(f"{within_seconds:g} 秒内没有等到：{what}")
        await asyncio.sleep(pause)
        pause = min(_MAX_POLL_SECONDS, pause * _POLL_GROWTH)


def _refusal(call: Call, response: httpx.Response) -> Unexpected:
    try:
        problem: Json = response.json()
    except ValueError:
        problem = {}
    code = str(problem.get("type", "")).rpartition("/")[2]
    texts = [str(problem.get("detail", "")), *(each["message"] for each in problem.get("errors", ()))]
    said = "；".join(text for text in texts if text)
    message = f"{call.method} {call.service}{call.path} → {response.status_code} {code} {said}".strip()
    codes = tuple(each["code"] for each in problem.get("errors", ()))
    return Unexpected(message, status=response.status_code, problem=code, codes=codes)
