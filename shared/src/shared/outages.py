"""Which errors mean that somebody else is down for the moment: retried in loops, 503 over HTTP, never a verdict."""

import httpx
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Unavailable

# PostgreSQL Appendix A: connection, resources, shut-down; and what a second try settles (deadlock, lock wait).
_SQLSTATE_CLASSES = ("08", "53", "57P")
_SQLSTATES = frozenset(("40001", "40P01", "55P03", "57014"))


def is_outage(error: BaseException) -> bool:
    """Whether ``error`` says that a database, broker or peer did not answer, so that trying again later is right."""
    if isinstance(error, Unavailable | PoolTimeout | OSError | httpx.TransportError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _is_outage_state(_sqlstate(error.orig))
    return _is_outage_state(_sqlstate(error)) or _is_broker_outage(error)


def _sqlstate(error: BaseException | None) -> str:
    return str(getattr(error, "sqlstate", None) or "")


def _is_outage_state(sqlstate: str) -> bool:
    return sqlstate in _SQLSTATES or sqlstate.startswith(_SQLSTATE_CLASSES)


def _is_broker_outage(error: BaseException) -> bool:
    # By module, so that a process without a broker never imports the client; every one of its errors is worth a retry.
    return any(kind.__module__ == "aiokafka.errors" for kind in type(error).__mro__)
