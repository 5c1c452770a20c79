"""The record's value: one CloudEvent 1.0 in structured mode, JSON (media type ``application/cloudevents+json``)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, ValidationError
from pydantic_core import to_json

from shared.contracts.codes import CaseNumber
from shared.contracts.events import EVENTS, Event
from shared.contracts.model import Message
from shared.contracts.party import Party
from shared.errors import DomainError
from shared.signing.keys import PartyAddress

CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"


class EnvelopeUnreadable(DomainError):
    """The value is not such a CloudEvent; nothing of it can be trusted."""

    code = "envelope-unreadable"


class EventUnreadable(DomainError):
    """The envelope is good, but its type or data is nothing we know."""

    code = "event-unreadable"


class Envelope(Message):
    """``source`` and ``recipient`` are parties, ``subject`` the case, ``sequence`` counts from 1 per lane.

    Messages of the exchange itself (``MessageReceipt``, ``ResendRequested``) have neither subject nor sequence.
    """

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    type: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")]
    source: PartyAddress
    subject: CaseNumber | None = None
    time: AwareDatetime
    recipient: PartyAddress
    sequence: Annotated[int, Field(ge=1, lt=2**31, strict=True)] | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]


def write(
    message_id: UUID,
    event: Event,
    *,
    sender: Party,
    recipient: Party,
    time: datetime,
    rlts_traf_id: str | None = None,
    sequence: int | None = None,
) -> bytes:
    """The value of one message; these bytes are signed, stored and sent, and never made again."""
    head: dict[str, Any] = {"specversion": "1.0", "id": message_id, "type": event.ce_type(), "source": str(sender)}
    if rlts_traf_id is not None:
        head |= {"subject": rlts_traf_id, "sequence": sequence}
    head |= {"time": time, "recipient": str(recipient), "datacontenttype": "application/json"}
    return to_json(head)[:-1] + b',"data":' + event.model_dump_json().encode() + b"}"


def read(value: bytes) -> Envelope:
    """The envelope of a verified value; raises ``EnvelopeUnreadable``."""
    try:
        return Envelope.model_validate_json(value)
    except ValidationError as error:
        raise EnvelopeUnreadable("消息不是规定格式的 CloudEvent", errors=()) from error


def read_event(envelope: Envelope) -> Event:
    """The event inside; raises ``EventUnreadable`` for a type, route or data that we do not know."""
    kind = EVENTS.get(envelope.type)
    if kind is None:
        raise EventUnreadable("未知的消息类型", code="event-type-unknown")
    if (envelope.source.role, envelope.recipient.role) not in kind.routes:
        raise EventUnreadable("该发送方不得向本方发送这类消息", code="route-not-allowed")
    try:
        return kind.model_validate(envelope.data)
    except ValidationError as error:
        boxes = sorted({".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)})
        raise EventUnreadable(f"消息内容不符合约定：{'、'.join(boxes)[:200]}", code="event-data-invalid") from error
