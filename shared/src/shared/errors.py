"""The error tree.

``TransferError``
 ├── ``DomainError``        a rule says no; carries a stable ``code`` and a Chinese ``message`` for people
 │    ├── ``InvalidInput``      what was sent cannot be right (422)
 │    ├── ``NotFound``          no such thing, or not the caller's to know of (404)
 │    ├── ``Conflict``          the state does not allow it (409)
 │    ├── ``PreconditionFailed`` somebody changed it first (412)
 │    └── ``Forbidden``         known caller, missing right (403)
 └── ``Unavailable``        somebody did not answer in time; the outcome is unknown (503)

Modules derive their own precise errors from these; only ``shared.web`` turns them into HTTP,
and only ``shared.messaging`` turns them into a quarantine.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: RFC 6901 ``pointer``, stable ``code``, Chinese ``message``."""

    pointer: str
    code: str
    message: str


class TransferError(Exception):
    """Root of every error this system raises on purpose."""


class DomainError(TransferError):
    """A rule says no.

    ``code`` is stable and machine-readable (``kebab-case``), ``message`` is Chinese for people and free of
    personal data, ``errors`` names each field at fault.
    """

    code = "domain-error"

    def __init__(self, message: str, *, code: str | None = None, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.errors = tuple(errors)


class InvalidInput(DomainError):
    """What was sent cannot be right."""

    code = "invalid-input"


class NotFound(DomainError):
    """No such thing, or none that this caller may know of."""

    code = "not-found"


class Conflict(DomainError):
    """The present state does not allow it."""

    code = "conflict"


class PreconditionFailed(DomainError):
    """The version that the caller read is no longer the present one (RFC 9110 §13.1.1)."""

    code = "precondition-failed"


class Forbidden(DomainError):
    """The caller is known but lacks the right."""

    code = "forbidden"


class Unavailable(TransferError):
    """Somebody did not answer in time; whether it happened there is unknown."""
