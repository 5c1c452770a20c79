"""The AsyncAPI 3.0 document of the exchange, generated from the event models.

One channel per role that receives, one message per event, one operation per route: who sends what to whom.
"""

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from shared.contracts.events import EVENTS, Event, MessageReceipt, ResendRequested
from shared.contracts.party import Role

SIGNATURE_HEADER = "jws"
TRACE_HEADER = "traceparent"

_VERSION = "1.0.0"
_SCHEMAS = "#/components/schemas/"
_MESSAGES = "#/components/messages/"
_WITHOUT_CASE = frozenset((MessageReceipt, ResendRequested))
_PARTY = r"^(platform|(outbound|inbound|ledger)\.[0-9]{6})$"

Json = dict[str, Any]


def asyncapi_document() -> Json:
    """The whole document, ready for JSON; the same events always give the same document."""
    events = list(EVENTS.values())
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "基本医疗保险关系转移接续 — 消息",
            "version": _VERSION,
            "description": "每个接收方一个主题；消息体为 CloudEvents 1.0（结构化模式），消息头带分离式 JWS。",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {role.value: _channel(role, events) for role in Role},
        "operations": _operations(events),
        "components": {
            "messages": {_name(event): _message(event) for event in events},
            "schemas": {"MessageHeaders": _headers(), **_schemas(events)},
        },
    }


def _name(event: type[Event]) -> str:
    """The key of an event in this document, such as ``SheetIssued.v1``."""
    return event.ce_type().removeprefix("cn.hsa.transfer.")


def _channel(role: Role, events: Iterable[type[Event]]) -> Json:
    received = [event for event in events if any(recipient is role for _, recipient in event.routes)]
    channel: Json = {
        "address": "transfer.platform.v1" if role is Role.PLATFORM else f"transfer.{role}.{{admdvs}}.v1",
        "messages": {_name(event): {"$ref": _MESSAGES + _name(event)} for event in received},
        "bindings": {"kafka": {"bindingVersion": "0.5.0"}},
    }
    if role is not Role.PLATFORM:
        channel["parameters"] = {"admdvs": {"description": "统筹区代码，6 位", "examples": ["370100"]}}
    return channel


def _operations(events: Iterable[type[Event]]) -> Json:
    """For each pair of roles that talk, what the first sends to the second."""
    routes: dict[tuple[Role, Role], list[type[Event]]] = {}
    for event in events:
        for route in sorted(event.routes):
            routes.setdefault(route, []).append(event)
    return {
        f"{sender}-to-{recipient}": {
            "action": "send",
            "channel": {"$ref": f"#/channels/{recipient}"},
            "messages": [{"$ref": f"#/channels/{recipient}/messages/{_name(event)}"} for event in sent],
        }
        for (sender, recipient), sent in sorted(routes.items())
    }


def _message(event: type[Event]) -> Json:
    message: Json = {
        "name": event.ce_type(),
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip().partition("\n")[0],
        "contentType": "application/cloudevents+json",
        "headers": {"$ref": f"{_SCHEMAS}MessageHeaders"},
        "payload": _envelope(event),
    }
    if event not in _WITHOUT_CASE:
        key = {"type": "string", "description": "rlts_traf_id"}
        message["bindings"] = {"kafka": {"key": key, "bindingVersion": "0.5.0"}}
    return message


def _envelope(event: type[Event]) -> Json:
    properties: Json = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid"},
        "type": {"const": event.ce_type()},
        "source": {"type": "string", "pattern": _PARTY},
        "recipient": {"type": "string", "pattern": _PARTY},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": {"$ref": _SCHEMAS + event.__name__},
    }
    if event not in _WITHOUT_CASE:
        properties["subject"] = {"type": "string", "description": "rlts_traf_id", "maxLength": 20}
        properties["sequence"] = {"type": "integer", "minimum": 1, "description": "每（发送方、接收方、业务）连续编号"}
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _headers() -> Json:
    return {
        "type": "object",
        "required": ["content-type", SIGNATURE_HEADER],
        "properties": {
            "content-type": {"type": "string", "description": "application/cloudevents+json"},
            SIGNATURE_HEADER: {"type": "string", "description": "对消息体字节的分离式 JWS（RFC 7515 附录 F）"},
            TRACE_HEADER: {"type": "string", "description": "W3C Trace Context，不在签名之内"},
        },
    }


def _schemas(events: Iterable[type[Event]]) -> Json:
    _, document = models_json_schema([(event, "serialization") for event in events], ref_template=_SCHEMAS + "{model}")
    definitions: Json = document["$defs"]
    return dict(sorted(definitions.items()))
