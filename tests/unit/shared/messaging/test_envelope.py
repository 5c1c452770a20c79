"""The form of a message on the wire."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from shared.contracts.events import SheetAccepted
from shared.contracts.party import PLATFORM, Party
from shared.messaging import envelope
from shared.messaging.envelope import EnvelopeUnreadable
from shared.messaging.ids import new_ids
from shared.messaging.record import Record, read_record
from tests.clocks import SOME_MORNING

ID = UUID("019cac0f-2680-72f7-b624-9161b394c6d6")
JINAN = Party.parse("outbound.370100")
TRACE = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"


def written(**changes: object) -> bytes:
    event = SheetAccepted(sheet_version=3, arrival="章")
    value = envelope.write(
        ID, event, sender=PLATFORM, recipient=JINAN, time=SOME_MORNING, rlts_traf_id="AAAAAAAA1", sequence=7
    )
    return json.dumps(json.loads(value) | changes).encode() if changes else value


def test_value_is_a_structured_cloud_event() -> None:
    assert json.loads(written()) == {
        "specversion": "1.0",
        "id": str(ID),
        "type": "cn.hsa.transfer.SheetAccepted.v1",
        "source": "platform",
        "subject": "AAAAAAAA1",
        "sequence": 7,
        "time": "2026-03-02T01:00:00Z",
        "recipient": "outbound.370100",
        "datacontenttype": "application/json",
        "data": {"sheet_version": 3, "arrival": "章"},
    }


def test_what_is_written_reads_back() -> None:
    read = envelope.read(written())
    assert (read.id, read.source, read.recipient, read.sequence) == (ID, PLATFORM, JINAN, 7)
    assert envelope.read_event(read) == SheetAccepted(sheet_version=3, arrival="章")


def test_unknown_attributes_of_a_newer_sender_are_left_alone() -> None:
    assert envelope.read(written(dataschema="urn:x")).id == ID


@pytest.mark.parametrize(
    "change",
    [
        {"specversion": "0.3"},
        {"id": "not-a-uuid"},
        {"source": "outbound.37"},
        {"recipient": None},
        {"subject": "a\u0000b"},
        {"sequence": 0},
        {"sequence": "7"},
        {"time": "2026-03-02T01:00:00"},
        {"type": "x\u0000"},
        {"datacontenttype": "text/plain"},
        {"data": []},
    ],
)
def test_refuses_an_envelope_that_breaks_the_form(change: dict[str, object]) -> None:
    with pytest.raises(EnvelopeUnreadable):
        envelope.read(written(**change))


def test_record_keeps_only_headers_that_can_be_stored() -> None:
    record = read_record("t", None, [("jws", b"a\x00\xff"), ("traceparent", b"nonsense"), ("other", None)])
    assert record.value == b""
    assert "\0" not in record.signature
    assert record.traceparent is None
    assert read_record("t", b"x", [("traceparent", TRACE.encode())]).traceparent == TRACE


def test_record_carries_signature_and_trace_in_headers() -> None:
    headers = dict(Record("t", "AAAAAAAA1", b"x", "sig", TRACE).headers())
    assert (headers["jws"], headers["traceparent"]) == (b"sig", TRACE.encode())
    assert headers["content-type"].startswith(b"application/cloudevents+json")


def test_ids_grow_with_time_and_within_one_instant() -> None:
    first, later = new_ids(SOME_MORNING, 2000), new_ids(SOME_MORNING + timedelta(milliseconds=1), 1)
    assert first == sorted(set(first))
    assert first[-1] < later[0]
    assert {(found.version, found.variant) for found in first} == {(7, "specified in RFC 4122")}
    assert first[0].int >> 80 == int(SOME_MORNING.timestamp() * 1000)
