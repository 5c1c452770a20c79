"""Events of the exchange itself; they belong to no case and carry no sequence."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.events.event import Event, Route
from shared.contracts.party import Role

_ANY: frozenset[Route] = frozenset((a, b) for a in Role for b in Role)


class MessageReceipt(Event):
    """Custody: the recipient has verified these messages and committed their bytes. Says nothing of processing."""

    routes: ClassVar = _ANY

    message_ids: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    received_at: datetime


class ResendRequested(Event):
    """A recipient (a restored database, say) asks for everything sent to it since an instant (UTC)."""

    routes: ClassVar = _ANY

    since: AwareDatetime
