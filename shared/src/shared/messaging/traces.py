"""Which trace each case of a set belongs to, so that what a handler sends for a case stays in that case's trace."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from shared.telemetry.trace import current_traceparent

_traceparents: ContextVar[Mapping[str, str] | None] = ContextVar("case_traceparents", default=None)


@contextmanager
def cases(traceparents: Mapping[str, str]) -> Iterator[None]:
    """Run a block in which ``traceparents`` says, by case number, which trace a message of the case continues."""
    token = _traceparents.set(traceparents)
    try:
        yield
    finally:
        _traceparents.reset(token)


def traceparent_of(rlts_traf_id: str | None) -> str:
    """The ``traceparent`` for a message of this case: that of what caused it, else the running code's own."""
    known = _traceparents.get() or {}
    return known.get(rlts_traf_id or "") or current_traceparent()
