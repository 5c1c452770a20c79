"""Records as a stranger, a fault or a forger would put them on a topic."""

import base64
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.events import BalancePaid, Event
from shared.contracts.party import PLATFORM, Party
from shared.messaging import envelope
from shared.messaging.record import Record
from tests.four_services import FourServices
from tests.registry import JINAN

OUTBOUND, INBOUND, LEDGER = (Party.parse(f"{role}.{JINAN}") for role in ("outbound", "inbound", "ledger"))
PAID = BalancePaid(obligation_no="1", amount=123456, booked_on=date(2026, 3, 2), end_to_end_id="E1")


def value_of(
    system: FourServices, event: Event, sender: Party, recipient: Party, case: str, sequence: int = 1
) -> bytes:
    """The bytes of a message as its sender writes them."""
    now = system.clock.now()
    return envelope.write(
        uuid4(), event, sender=sender, recipient=recipient, time=now, rlts_traf_id=case, sequence=sequence
    )


def signed(system: FourServices, value: bytes, sender: Party, recipient: Party) -> Record:
    """The record of a value that ``sender`` has signed."""
    return Record(recipient.topic, None, value, system.signers.sign_detached(sender, value))


def changed(value: bytes, **fields: Any) -> bytes:
    """The same message with other fields; ``None`` takes one away."""
    document = json.loads(value) | fields
    return json.dumps({name: each for name, each in document.items() if each is not None}).encode()


def with_protected(signature: str, **fields: Any) -> str:
    """The same detached signature under another protected header."""
    protected, _, rest = signature.partition(".")
    header: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    text = json.dumps({**header, **fields}, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode() + "." + rest


def id_of(value: bytes) -> UUID:
    """The message's id."""
    return UUID(json.loads(value)["id"])


__all__ = ["INBOUND", "LEDGER", "OUTBOUND", "PAID", "PLATFORM"]
