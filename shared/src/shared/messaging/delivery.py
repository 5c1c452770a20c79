"""What a service's handlers are given, and how they say no."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import Event
from shared.contracts.party import Party
from shared.errors import DomainError

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[E]):
    """One verified message, in its turn: all earlier ones of the same sender, recipient and case are applied.

    ``occurred_at`` is the sender's time (UTC) and only claimed; ``sequence`` counts from 1.
    """

    message_id: UUID
    sender: Party
    recipient: Party
    rlts_traf_id: str
    sequence: int
    occurred_at: datetime
    event: E
    traceparent: str | None


Handler = Callable[[AsyncConnection, Sequence[Delivery[E]]], Awaitable[None]]
"""Applies a set of messages of one type, at most one per case, inside the transaction it is given.

It raises ``CannotApply`` (or any ``DomainError``) when a message cannot be applied, and lets errors of the database
pass. It never commits.
"""

Handlers = Mapping[type[Event], Handler[Any]]


class CannotApply(DomainError):
    """The message cannot be applied as things stand: it goes to quarantine and its case waits behind it."""

    code = "cannot-apply"


class NotAParty(CannotApply):
    """The sender has no say in this case: its message goes to quarantine, and nobody waits behind it.

    Otherwise any agency that came to know a case number could bring the case to a halt.
    """

    code = "sender-not-a-party"
