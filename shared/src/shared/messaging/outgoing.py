"""What a use case wants to tell another party."""

from dataclasses import dataclass

from shared.contracts.events import Event
from shared.contracts.party import Party
from shared.errors import TransferError


class RouteNotAllowed(TransferError):
    """The event may not go from this sender's role to that recipient's (a fault of the calling code)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event of a case from ``sender`` to ``recipient``; raises ``RouteNotAllowed`` against ``Event.routes``."""

    sender: Party
    recipient: Party
    rlts_traf_id: str
    event: Event

    def __post_init__(self) -> None:
        if (self.sender.role, self.recipient.role) not in self.event.routes:
            raise RouteNotAllowed(f"{type(self.event).__name__} does not go from {self.sender} to {self.recipient}")
