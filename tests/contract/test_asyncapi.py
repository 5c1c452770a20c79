"""The AsyncAPI document says what really travels."""

import json
import random
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

from shared.case_number import new_case_number
from shared.contracts.asyncapi import asyncapi_document
from shared.contracts.events import EVENTS, BalancePaid, Event, MessageReceipt
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.envelope import write
from shared.messaging.record import Record

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LEDGER = Party(Role.LEDGER, "370100")
PAID = BalancePaid(obligation_no="1", amount=123456, booked_on=date(2026, 3, 2), end_to_end_id="E1")
RECEIPT = MessageReceipt(message_ids=(UUID(int=1),), received_at=AT)


def validator(event: type[Event]) -> Any:
    document = asyncapi_document()
    payload = document["components"]["messages"][event.ce_type().removeprefix("cn.hsa.transfer.")]["payload"]
    return jsonschema_rs.validator_for({**payload, "components": document["components"]})


def paid_message() -> dict[str, Any]:
    value = write(
        UUID(int=2),
        PAID,
        sender=LEDGER,
        recipient=PLATFORM,
        time=AT,
        rlts_traf_id=new_case_number(random.Random(7)),
        sequence=1,
    )
    message: dict[str, Any] = json.loads(value)
    return message


def test_a_written_message_fits_its_schema() -> None:
    validator(BalancePaid).validate(paid_message())


def test_a_receipt_needs_no_case_and_no_sequence() -> None:
    value = write(UUID(int=2), RECEIPT, sender=LEDGER, recipient=PLATFORM, time=AT)
    validator(MessageReceipt).validate(json.loads(value))


@pytest.mark.parametrize("missing", ["sequence", "subject", "recipient", "data", "time"])
def test_a_message_without_a_required_part_does_not_fit(missing: str) -> None:
    message = paid_message()
    del message[missing]
    assert not validator(BalancePaid).is_valid(message)


def test_an_amount_as_a_number_does_not_fit() -> None:
    message = paid_message()
    message["data"]["amount"] = 1234.56
    assert not validator(BalancePaid).is_valid(message)


def test_every_event_is_on_the_channel_of_everyone_who_may_receive_it() -> None:
    channels = asyncapi_document()["channels"]
    for event in EVENTS.values():
        name = event.ce_type().removeprefix("cn.hsa.transfer.")
        recipients = {recipient.value for _, recipient in event.routes}
        assert {role for role, channel in channels.items() if name in channel["messages"]} == recipients


def test_channel_addresses_are_the_topics_of_the_parties() -> None:
    channels = asyncapi_document()["channels"]
    assert channels["platform"]["address"] == PLATFORM.topic
    assert channels["ledger"]["address"].format(admdvs="370100") == LEDGER.topic


def test_the_headers_are_those_that_a_record_carries() -> None:
    record = Record(topic="t", key=None, value=b"{}", signature="s", traceparent="t")
    described = asyncapi_document()["components"]["schemas"]["MessageHeaders"]["properties"]
    assert set(described) == {name for name, _ in record.headers()}


def test_every_reference_leads_somewhere() -> None:
    document = asyncapi_document()
    for reference in references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for each in node for found in references(each)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for each in node.values() for found in references(each)]
