"""The outermost layer: trace, log line, metric, security headers, and an answer to what nobody foresaw. Plain ASGI."""

import time
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.outages import is_outage
from shared.telemetry.metrics import HTTP_SECONDS
from shared.telemetry.trace import enter_trace
from shared.web import problems

_log = structlog.get_logger("shared.web.request")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_PROBES = frozenset(("/healthz", "/readyz", "/metrics"))


class RequestContext:
    """Wraps every HTTP request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        structlog.contextvars.clear_contextvars()
        trace_id = enter_trace(Headers(scope=scope).get("traceparent"))
        answer = _Answer(send, trace_id)
        started = time.perf_counter()
        try:
            await self._app(scope, receive, answer.send)
        except ClientDisconnect:
            answer.status = 499
        except Exception as error:  # noqa: BLE001 - the last resort: logged in full, answered without details
            await _answer_failure(error, scope, receive, answer)
        _record(scope, answer.status, time.perf_counter() - started)


class _Answer:
    """Adds our headers to the answer and remembers its status."""

    def __init__(self, send: Send, trace_id: str) -> None:
        self._send = send
        self._trace_id = trace_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Trace-Id"] = self._trace_id
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


async def _answer_failure(error: Exception, scope: Scope, receive: Receive, answer: _Answer) -> None:
    is_down = is_outage(error)
    if is_down:
        _log.warning("dependency_unavailable", route=_route(scope), reason=type(error).__name__)
    else:
        _log.error("request_failed", route=_route(scope), exc_info=error)
    if answer.status:
        raise error  # the answer is on its way: the connection has to break, so that nobody takes half for all
    response = problems.unavailable() if is_down else problems.internal()
    await response(scope, receive, answer.send)


def _record(scope: Scope, status: int, seconds: float) -> None:
    if scope["path"] in _PROBES:
        return
    route = _route(scope)
    HTTP_SECONDS.labels(scope["method"], route, str(status)).observe(seconds)
    _log.info("request", method=scope["method"], route=route, status=status, milliseconds=round(seconds * 1000, 1))


def _route(scope: Scope) -> str:
    # The template, never the path: a path may carry what somebody typed.
    route: Any = scope.get("route")
    return str(getattr(route, "path", "unknown"))
