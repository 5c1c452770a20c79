"""Which trace and which case the running code belongs to (W3C Trace Context, level 1).

Works without OpenTelemetry: a ``traceparent`` that came in is continued, so that one case can be followed
through every service.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")

_present_span: Callable[[], str | None] | None = None

_trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)


def trace_id() -> str | None:
    """The trace that the running code belongs to: 32 hex digits, or None outside of any."""
    return _trace_id.get()


def follow_spans(present_span: Callable[[], str | None]) -> None:
    """From now on the tracer's present span (as a ``traceparent``) goes before our own passing on."""
    global _present_span
    _present_span = present_span


def current_traceparent() -> str:
    """A ``traceparent`` for what we send now: the present trace, or a new one; the span is new each time."""
    traced = _present_span() if _present_span is not None else None
    if traced is not None:
        return traced
    return f"00-{_trace_id.get() or secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def enter_trace(traceparent: str | None) -> str:
    """Continue the trace of ``traceparent``, or start one when it is missing or malformed; the trace id comes back."""
    if traceparent is None and _present_span is not None:
        traceparent = _present_span()
    matched = _TRACEPARENT.match(traceparent) if traceparent else None
    found = matched.group(1) if matched else secrets.token_hex(16)
    _trace_id.set(found)
    return found


@contextmanager
def trace(traceparent: str | None = None) -> Iterator[str]:
    """Run a block inside the trace of ``traceparent`` (or a new one) and leave it afterwards."""
    token = _trace_id.set(None)
    try:
        yield enter_trace(traceparent)
    finally:
        _trace_id.reset(token)


@contextmanager
def case(rlts_traf_id: str) -> Iterator[None]:
    """Every log line of the block carries the case number."""
    with structlog.contextvars.bound_contextvars(rlts_traf_id=rlts_traf_id):
        yield


def bind_case(rlts_traf_id: str) -> None:
    """Every later log line of this request or turn carries the case number."""
    structlog.contextvars.bind_contextvars(rlts_traf_id=rlts_traf_id)
