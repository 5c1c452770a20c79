"""How an error is written into a log line: where it arose in full, its words only where they quote nobody.

A database names the row that it refuses, pydantic the input, a conversion the text that it could not convert: names
and telephone numbers have no shape to mask them by, so such words stay out altogether.
"""

import traceback
from collections.abc import Iterator

import httpx
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from structlog.typing import ExcInfo

from shared.errors import TransferError

_MAX_ERRORS = 8
_MAX_FIELDS = 10
_WITHHELD = "(words withheld)"
# Their words are ours, or name types, attributes and addresses of the system.
_SPEAK = (TransferError, OSError, ImportError, AttributeError, TypeError, NameError, RuntimeError, httpx.TransportError)


def format_error(exc_info: ExcInfo) -> str:
    """The error with its causes, the first one first, as a traceback reads."""
    return "\n".join(reversed([_written(error) for error in _chain(exc_info[1])]))


def words_of(error: BaseException) -> str:
    """What may be said of ``error`` itself."""
    if isinstance(error, DBAPIError):
        return words_of(error.orig) if error.orig is not None else _WITHHELD
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate is not None:
        return f"sqlstate {sqlstate}{_constraint(error)}"
    if isinstance(error, ValidationError):
        found = error.errors(include_input=False, include_context=False, include_url=False)
        return f"{error.title}: " + ", ".join(sorted({str(each["type"]) for each in found})[:_MAX_FIELDS])
    return str(error) if isinstance(error, _SPEAK) else _WITHHELD


def _constraint(error: BaseException | None) -> str:
    # SQLAlchemy's asyncpg dialect keeps the driver's own error as the cause of its copy.
    while error is not None:
        name = getattr(error, "constraint_name", None)
        if name:
            return f" {name}"
        error = error.__cause__
    return ""


def _written(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    kind = type(error)
    inner = [f"  {_name(type(one))}: {words_of(one)}" for one in _members(error)]
    return "\n".join([f"{frames}{_name(kind)}: {words_of(error)}", *inner])


def _name(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _members(error: BaseException) -> tuple[BaseException, ...]:
    return error.exceptions[:_MAX_ERRORS] if isinstance(error, BaseExceptionGroup) else ()


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_MAX_ERRORS):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
