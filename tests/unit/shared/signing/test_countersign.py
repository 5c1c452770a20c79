"""The platform's countersignature of a sheet's arrival."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party, Role
from shared.signing import json_text, jws
from shared.signing.countersign import countersign, open_arrival, open_arrived_sheet
from shared.signing.errors import (
    ContentUnreadable,
    DigestDiffers,
    KeyNotValid,
    KeyRevoked,
    KeyUnknown,
    MalformedSignature,
    WrongOwner,
    WrongPurpose,
    WrongType,
)
from shared.signing.jws import DocumentType
from shared.signing.keys import Purpose
from shared.signing.seal import open_sheet, seal_sheet
from tests.unit.shared.signing.key_ring import KeyRing, MakeSheet

JINAN = Party(Role.OUTBOUND, "370100")
ARRIVED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
async def sealed(ring: KeyRing, sheet: InfoSheet) -> str:
    return (await seal_sheet(sheet, ring.signers, JINAN)).text


@pytest.fixture
async def arrival(ring: KeyRing, sealed: str) -> str:
    return await countersign(open_sheet(sealed, ring.public, ARRIVED_AT), ring.signers, ARRIVED_AT)


async def signed(
    ring: KeyRing,
    content: object,
    owner: Party = PLATFORM,
    purpose: Purpose = Purpose.SEAL,
    typ: DocumentType = DocumentType.ARRIVAL,
) -> str:
    return await ring.signers.sign(owner, purpose, json_text.canonical(content), typ=typ)


def content_of(arrival: str) -> dict[str, object]:
    content = json_text.read(jws.read(arrival).payload)
    assert isinstance(content, dict)
    return content


@pytest.mark.law("N8")
def test_arrival_and_sheet_are_accepted_together(ring: KeyRing, sealed: str, arrival: str) -> None:
    arrived = open_arrived_sheet(sealed, arrival, ring.public)

    assert arrived.arrival.arrived_at == ARRIVED_AT
    assert arrived.arrival.sheet_digest == arrived.opened.digest
    assert arrived.opened.owner == JINAN
    assert ring.public[arrived.platform_kid].owner == PLATFORM


def test_payload_says_file_key_and_instant(ring: KeyRing, sealed: str, arrival: str) -> None:
    assert content_of(arrival) == {
        "rlts_traf_id": "7K2M9QX4TB6WPZ3C",
        "sheet_version": 1,
        "sheet_digest": open_sheet(sealed, ring.public, ARRIVED_AT).digest,
        "arrived_at": "2026-03-02T01:00:00Z",
        "kid": ring.private[JINAN, Purpose.SEAL].kid,
    }


def test_key_revoked_after_the_arrival_leaves_the_seal_good(ring: KeyRing, sealed: str, arrival: str) -> None:
    ring.change(ring.private[JINAN, Purpose.SEAL].kid, revoked_at=ARRIVED_AT + timedelta(seconds=1))

    open_arrived_sheet(sealed, arrival, ring.public)


def test_key_revoked_by_the_arrival_makes_the_seal_bad(ring: KeyRing, sealed: str, arrival: str) -> None:
    ring.change(ring.private[JINAN, Purpose.SEAL].kid, revoked_at=ARRIVED_AT)

    with pytest.raises(KeyRevoked):
        open_arrived_sheet(sealed, arrival, ring.public)


async def test_refuses_the_arrival_of_another_version(ring: KeyRing, make_sheet: MakeSheet, arrival: str) -> None:
    other = await seal_sheet(make_sheet(version=2), ring.signers, JINAN)

    with pytest.raises(DigestDiffers):
        open_arrived_sheet(other.text, arrival, ring.public)


async def test_refuses_the_same_sheet_sealed_again_under_the_old_arrival(
    ring: KeyRing, sheet: InfoSheet, arrival: str
) -> None:
    again = await seal_sheet(sheet, ring.signers, JINAN)

    with pytest.raises(DigestDiffers):
        open_arrived_sheet(again.text, arrival, ring.public)


@pytest.mark.parametrize("changes", [{"rlts_traf_id": "OTHERCASE0001"}, {"sheet_version": 2}, {"kid": "A" * 43}])
async def test_refuses_an_arrival_that_states_another_sheet(
    ring: KeyRing, sealed: str, arrival: str, changes: dict[str, object]
) -> None:
    text = await signed(ring, content_of(arrival) | changes)

    with pytest.raises(DigestDiffers):
        open_arrived_sheet(sealed, text, ring.public)


async def test_refuses_an_arrival_that_is_not_the_platforms(ring: KeyRing, sealed: str, arrival: str) -> None:
    text = await signed(ring, content_of(arrival), owner=JINAN)

    with pytest.raises(WrongOwner):
        open_arrived_sheet(sealed, text, ring.public)


async def test_refuses_an_arrival_by_a_message_key_of_the_platform(ring: KeyRing, arrival: str) -> None:
    ring.add(PLATFORM, Purpose.MESSAGE)
    text = await signed(ring, content_of(arrival), purpose=Purpose.MESSAGE)

    with pytest.raises(WrongPurpose):
        open_arrival(text, ring.public)


async def test_refuses_another_document_by_the_platform(ring: KeyRing, arrival: str) -> None:
    text = await signed(ring, content_of(arrival), typ=DocumentType.SHEET)

    with pytest.raises(WrongType):
        open_arrival(text, ring.public)


async def test_refuses_an_arrival_outside_the_validity_of_the_platform_key(ring: KeyRing, arrival: str) -> None:
    text = await signed(ring, content_of(arrival) | {"arrived_at": "2025-12-31T23:59:59Z"})

    with pytest.raises(KeyNotValid):
        open_arrival(text, ring.public)


def test_refuses_an_arrival_of_an_unknown_platform_key(ring: KeyRing, sealed: str, arrival: str) -> None:
    del ring.public[ring.private[PLATFORM, Purpose.SEAL].kid]

    with pytest.raises(KeyUnknown):
        open_arrived_sheet(sealed, arrival, ring.public)


@pytest.mark.parametrize("content", [{}, [], "x", {"rlts_traf_id": "7K2M9QX4TB6WPZ3C"}])
async def test_refuses_countersigned_bytes_that_are_no_arrival(ring: KeyRing, content: object) -> None:
    text = await signed(ring, content)

    with pytest.raises(ContentUnreadable):
        open_arrival(text, ring.public)


def test_refuses_two_countersignatures(ring: KeyRing, arrival: str) -> None:
    envelope = jws.read(arrival)

    with pytest.raises(MalformedSignature):
        open_arrival(jws.write(jws.Envelope(envelope.payload, envelope.signatures * 2)), ring.public)
