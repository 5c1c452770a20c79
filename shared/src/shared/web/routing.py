"""Routes that look before they read: caller, content type, size, strict JSON, and only then FastAPI.

Services use ``Router`` in place of FastAPI's ``APIRouter``; ``create_app`` takes no other.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from shared.errors import FieldError, InvalidInput
from shared.web import strict_json
from shared.web.authentication import authenticate, required_scopes
from shared.web.context import context_of
from shared.web.refusals import BodyTooLarge, BodyTooSlow, UnsupportedMediaType

PREFIX = "/v1"
JSON = "application/json"
_STREAMED = "__streamed_body__"
_MAX_SILENCE_SECONDS = 30.0

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Limit = Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class StreamedBody:
    """A route that reads its body itself: at most ``limit(context)`` bytes, of one of ``media_types``."""

    media_types: tuple[str, ...]
    limit: Limit


def streamed(*media_types: str, limit: Limit) -> Callable[[Endpoint], Endpoint]:
    """Declare that the route below reads ``request.stream()`` itself, and how much of what it takes.

    ``limit`` gets the service's context and answers bytes (``lambda context: context.settings.max_import_bytes``).
    Stands under the route's decorator. Reading past the limit raises ``BodyTooLarge`` (413) wherever it happens.
    """

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _STREAMED, StreamedBody(media_types, limit))
        return endpoint

    return declare


def streamed_body(endpoint: Callable[..., Any] | None) -> StreamedBody | None:
    """What ``streamed`` declared for ``endpoint``, if anything."""
    found = getattr(endpoint, _STREAMED, None)
    return found if isinstance(found, StreamedBody) else None


class StrictRequest(Request):
    """A request whose body is bounded while it arrives and whose JSON is parsed strictly."""

    _value: Any

    async def json(self) -> Any:
        """The body as strict JSON; parsed once."""
        if not hasattr(self, "_value"):
            self._value = strict_json.parse(await self.body())
        return self._value


class StrictRoute(APIRoute):
    """An operation of ours."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler behind our own checks."""
        handle = super().get_route_handler()
        scopes = required_scopes(self.dependant)
        own_reading = streamed_body(self.endpoint)
        takes_json = self.body_field is not None

        async def checked(request: Request) -> Response:
            # Before any byte of the body: strangers learn nothing and cost little.
            if scopes is not None:
                await authenticate(request, scopes)
            _require_storable_address(request)
            limit = _limit(request, own_reading)
            strict = StrictRequest(request.scope, _bounded(request, limit))
            if own_reading is not None:
                _require_content_type(strict, own_reading.media_types)
            elif takes_json and _has_body(strict):
                _require_content_type(strict, (JSON,))
                await strict.json()
            return await handle(strict)

        return checked


class Router(APIRouter):
    """``APIRouter`` with our routes, all of them under ``/v1``.

    They stand at their whole path from the start, so that every application of a process takes them as they are:
    including a router makes each of its routes anew, which costs more than all else at a start.
    """

    def __init__(self, *, prefix: str = "", **options: Any) -> None:
        super().__init__(prefix=PREFIX + prefix, route_class=StrictRoute, **options)


def _limit(request: Request, own_reading: StreamedBody | None) -> int:
    if own_reading is not None:
        return own_reading.limit(request.app.state.context)
    return context_of(request.app).settings.max_body_bytes


def _has_body(request: Request) -> bool:
    if "transfer-encoding" in request.headers:
        return True
    return request.headers.get("content-length", "0") != "0"


def _bounded(request: Request, limit: int) -> Receive:
    refusal = BodyTooLarge(f"请求正文不能超过 {limit} 字节。", headers={"Connection": "close"})
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise refusal
    stopped = BodyTooSlow("请求正文长时间没有后续数据，请重新提交。", headers={"Connection": "close"})
    receive = request.receive
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        try:
            async with asyncio.timeout(_MAX_SILENCE_SECONDS):
                message = await receive()
        except TimeoutError:
            raise stopped from None
        taken += len(message.get("body", b""))
        if taken > limit:
            raise refusal
        return message

    return bounded


def _require_content_type(request: Request, accepted: tuple[str, ...]) -> None:
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    if media_type.strip() not in accepted:
        raise UnsupportedMediaType(f"请求正文的 Content-Type 应为 {' 或 '.join(accepted)}。")
    # JSON is always UTF-8 (RFC 8259); other files say themselves how they are written, or their form does.
    for parameter in parameters.split(";") if "json" in media_type else ():
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            raise UnsupportedMediaType("请求正文的字符集应为 UTF-8。")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("不接受压缩的请求正文。")


def _require_storable_address(request: Request) -> None:
    is_storable = strict_json.is_storable(request.scope["path"]) and b"%00" not in request.scope["query_string"]
    if not is_storable:
        raise InvalidInput(
            "地址或查询参数中含有不允许的字符。",
            errors=[FieldError("", "forbidden-character", "含有不允许的字符（空字符）")],
        )
