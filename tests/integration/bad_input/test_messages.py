"""What must not count on a topic goes to quarantine under a stable reason, and changes nothing else."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import pytest

from shared.case_number import new_case_number
from shared.contracts.events import Event, PaymentHoldChanged, SheetIssued, TransferWithdrawn
from shared.contracts.party import PLATFORM, Party
from shared.messaging.record import Record
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from tests.four_services import FourServices
from tests.integration.bad_input.conftest import KEPT_ANYWAY, UnderWay
from tests.integration.bad_input.messages import (
    INBOUND,
    LEDGER,
    OUTBOUND,
    PAID,
    changed,
    id_of,
    signed,
    value_of,
    with_protected,
)
from tests.registry import CHENGDU

_random = Random(11)
HELD = PaymentHoldChanged(is_held=True, reason="金额待核")
WITHDRAWN = {"withdrawn_at": "2026-03-02T01:00:00Z", "reason": "x"}


def withdrawn() -> TransferWithdrawn:
    return TransferWithdrawn.model_validate(WITHDRAWN)


@dataclass(frozen=True)
class Lane:
    """Who may write to a service, and what its first message would be."""

    package: str
    sender: Party
    recipient: Party

    def value(self, system: FourServices, case: str | None = None) -> bytes:
        event = PAID if self.sender is LEDGER else withdrawn()
        return value_of(system, event, self.sender, self.recipient, case or new_case_number(_random))

    def good(self, system: FourServices, case: str | None = None) -> Record:
        return signed(system, self.value(system, case), self.sender, self.recipient)


LANES = (
    Lane("platform_gateway", LEDGER, PLATFORM),
    Lane("outbound", PLATFORM, OUTBOUND),
    Lane("inbound", PLATFORM, INBOUND),
)
TO_LEDGER = Lane("ledger", OUTBOUND, LEDGER)
Make = Callable[[FourServices, Lane], Record]


def _unsigned(system: FourServices, lane: Lane) -> Record:
    return replace(lane.good(system), signature="")


def _no_signature_at_all(system: FourServices, lane: Lane) -> Record:
    return replace(lane.good(system), signature="???")


def _of_three_parts(system: FourServices, lane: Lane) -> Record:
    good = lane.good(system)
    protected, _, signature = good.signature.partition("..")
    payload = base64.urlsafe_b64encode(good.value).rstrip(b"=").decode()
    return replace(good, signature=f"{protected}.{payload}.{signature}")


def _one_byte_changed(system: FourServices, lane: Lane) -> Record:
    good = lane.good(system)
    return replace(good, value=good.value.replace(b'"sequence":1', b'"sequence":2'))


def _white_space_added(system: FourServices, lane: Lane) -> Record:
    good = lane.good(system)
    return replace(good, value=good.value + b"\n")


def _signature_of_another_message(system: FourServices, lane: Lane) -> Record:
    return replace(lane.good(system), signature=lane.good(system).signature)


def _key_nobody_knows(system: FourServices, lane: Lane) -> Record:
    stranger = Signers({(lane.sender, Purpose.MESSAGE): PrivateKey.generate("ES256")})
    good = lane.good(system)
    return replace(good, signature=stranger.sign_detached(lane.sender, good.value))


def _header(**fields: object) -> Make:
    def make(system: FourServices, lane: Lane) -> Record:
        good = lane.good(system)
        return replace(good, signature=with_protected(good.signature, **fields))

    return make


def _signed_by_another(system: FourServices, lane: Lane) -> Record:
    value = lane.value(system)
    return signed(system, value, Party.parse(f"outbound.{CHENGDU}"), lane.recipient)


def _signed_by_the_seal(system: FourServices, lane: Lane) -> Record:
    value = lane.value(system)
    pairs = system.signers._keys
    sealing = Signers({(lane.sender, Purpose.MESSAGE): pairs[lane.sender, Purpose.SEAL]})
    return Record(lane.recipient.topic, None, value, sealing.sign_detached(lane.sender, value))


def _on_anothers_topic(system: FourServices, lane: Lane) -> Record:
    return replace(lane.good(system), topic="transfer.ledger.999999.v1")


def _for_somebody_else(system: FourServices, lane: Lane) -> Record:
    value = changed(lane.value(system), recipient="outbound.999999")
    return signed(system, value, lane.sender, lane.recipient)


def _content(content: bytes) -> Make:
    def make(system: FourServices, lane: Lane) -> Record:
        return signed(system, content, lane.sender, lane.recipient)

    return make


def _fields(**fields: object) -> Make:
    def make(system: FourServices, lane: Lane) -> Record:
        return signed(system, changed(lane.value(system), **fields), lane.sender, lane.recipient)

    return make


NOT_TAKEN: list[tuple[str, Make, str]] = [
    ("no signature", _unsigned, "signature-missing"),
    ("no JWS as signature", _no_signature_at_all, "signature-malformed"),
    ("a signature that brings its own payload", _of_three_parts, "signature-malformed"),
    ("one byte changed", _one_byte_changed, "signature-invalid"),
    ("a line feed added", _white_space_added, "signature-invalid"),
    ("the signature of another message", _signature_of_another_message, "signature-invalid"),
    ("a key that nobody knows", _key_nobody_knows, "signature-key-unknown"),
    ("no algorithm", _header(alg="none"), "signature-algorithm-refused"),
    ("a shared secret", _header(alg="HS256"), "signature-algorithm-refused"),
    ("another algorithm", _header(alg="ES384"), "signature-algorithm-refused"),
    ("another key named", _header(kid="x" * 43), "signature-key-unknown"),
    ("another kind of document", _header(typ="transfer-sheet+jws"), "signature-type-wrong"),
    ("a key brought along", _header(jwk={"kty": "EC"}), "signature-malformed"),
    ("an extension that must be understood", _header(crit=["b64"]), "signature-malformed"),
    ("another agency's signature", _signed_by_another, "signature-key-owner-wrong"),
    ("the seal in place of the message key", _signed_by_the_seal, "signature-key-purpose-wrong"),
    ("another's topic", _on_anothers_topic, "recipient-not-served"),
    ("somebody else's message", _for_somebody_else, "recipient-not-served"),
    ("nothing", _content(b""), "envelope-unreadable"),
    ("no JSON", _content(b"\x00\xff"), "envelope-unreadable"),
    ("HTML", _content(b"<html></html>"), "envelope-unreadable"),
    ("a list", _content(b"[]"), "envelope-unreadable"),
    ("100,000 brackets", _content(b"[" * 100_000), "envelope-unreadable"),
    ("another version of CloudEvents", _fields(specversion="0.3"), "envelope-unreadable"),
    ("no id", _fields(id=None), "envelope-unreadable"),
    ("an id that is none", _fields(id="1"), "envelope-unreadable"),
    ("no case", _fields(subject=None), "envelope-unreadable"),
    ("a case that is none", _fields(subject="x'--"), "envelope-unreadable"),
    ("no sequence", _fields(sequence=None), "envelope-unreadable"),
    ("sequence 0", _fields(sequence=0), "envelope-unreadable"),
    ("a sequence beyond all numbers", _fields(sequence=2**63), "envelope-unreadable"),
    ("a time without a zone", _fields(time="2026-03-02T01:00:00"), "envelope-unreadable"),
    ("no data", _fields(data=None), "envelope-unreadable"),
    ("a NUL in the type", _fields(type="a\0"), "envelope-unreadable"),
    ("a receipt that names a case", _fields(type="cn.hsa.transfer.MessageReceipt.v1"), "envelope-unreadable"),
]


@pytest.mark.parametrize("lane", [*LANES, TO_LEDGER], ids=lambda lane: lane.package)
@pytest.mark.parametrize(("make", "reason"), [each[1:] for each in NOT_TAKEN], ids=[each[0] for each in NOT_TAKEN])
async def test_not_taken_into_custody(under_way: UnderWay, lane: Lane, make: Make, reason: str) -> None:
    service, record = under_way.system[lane.package], make(under_way.system, lane)
    before = await service.counts("quarantine")
    receipts = await service.intake.take([record])
    kept = await service.rows("SELECT * FROM quarantine WHERE digest = :digest", digest=record.digest)
    assert [(row["reason"], bytes(row["value"]), row["message_id"]) for row in kept] == [(reason, record.value, None)]
    assert receipts == []
    assert await service.counts("quarantine") == before


CANNOT_APPLY: list[tuple[str, Make, str]] = [
    ("an unknown type", _fields(type="cn.hsa.transfer.PersonDeleted.v1"), "event-type-unknown"),
    ("data that does not fit", _fields(data={"reason": 7}), "event-data-invalid"),
    (
        "data with a date that is none",
        _fields(data={"withdrawn_at": "2026-02-30", "booked_on": "2026-02-30"}),
        "event-data-invalid",
    ),
]


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.package)
@pytest.mark.parametrize(
    ("make", "reason"), [each[1:] for each in CANNOT_APPLY], ids=[each[0] for each in CANNOT_APPLY]
)
async def test_taken_into_custody_but_not_applied(under_way: UnderWay, lane: Lane, make: Make, reason: str) -> None:
    await expect_quarantined(under_way, lane.package, make(under_way.system, lane), reason)


@pytest.mark.parametrize(
    ("package", "event", "sender", "recipient", "reason"),
    [
        ("platform_gateway", PAID, OUTBOUND, PLATFORM, "route-not-allowed"),
        ("platform_gateway", PAID, INBOUND, PLATFORM, "route-not-allowed"),
        ("platform_gateway", withdrawn(), OUTBOUND, PLATFORM, "case-unknown"),
        ("outbound", withdrawn(), LEDGER, OUTBOUND, "route-not-allowed"),
        ("outbound", withdrawn(), INBOUND, OUTBOUND, "route-not-allowed"),
        ("inbound", withdrawn(), OUTBOUND, INBOUND, "route-not-allowed"),
        ("ledger", HELD, PLATFORM, LEDGER, "route-not-allowed"),
        ("ledger", HELD, INBOUND, LEDGER, "route-not-allowed"),
        ("ledger", withdrawn(), PLATFORM, LEDGER, "no-handler"),
    ],
)
async def test_sender_of_the_wrong_role_is_not_obeyed(
    under_way: UnderWay, package: str, event: Event, sender: Party, recipient: Party, reason: str
) -> None:
    value = value_of(under_way.system, event, sender, recipient, new_case_number(_random))
    await expect_quarantined(under_way, package, signed(under_way.system, value, sender, recipient), reason)


async def test_sheet_from_an_agency_that_is_no_side_is_not_taken(under_way: UnderWay) -> None:
    event = SheetIssued(sheet_version=1, sealed_sheet="x", amount=1, sealed_at=under_way.system.clock.now())
    stranger = Party.parse(f"outbound.{CHENGDU}")
    value = value_of(under_way.system, event, stranger, PLATFORM, under_way.case)
    record = signed(under_way.system, value, stranger, PLATFORM)
    await under_way.system["platform_gateway"].intake.take([record])
    assert await reason_of(under_way.system, "platform_gateway", id_of(value)) is not None
    shown = await under_way.system.done("platform_gateway", "GET", f"/transfers/{under_way.case}")
    assert shown["sheets"] == []


@pytest.mark.parametrize("lane", [*LANES, TO_LEDGER], ids=lambda lane: lane.package)
async def test_replayed_message_changes_nothing_and_gets_its_receipt_again(under_way: UnderWay, lane: Lane) -> None:
    service, record = under_way.system[lane.package], lane.good(under_way.system)
    first = await service.intake.take([record])
    before = await service.counts()
    assert await service.intake.take([record, record]) == first * len(first)
    assert await service.counts() == before


@pytest.mark.parametrize("lane", [*LANES, TO_LEDGER], ids=lambda lane: lane.package)
@pytest.mark.parametrize("same", ["id", "sequence"])
async def test_other_content_under_a_known_id_or_number_is_kept_apart(
    under_way: UnderWay, lane: Lane, same: str
) -> None:
    system, service = under_way.system, under_way.system[lane.package]
    case = new_case_number(_random)
    first, second = lane.value(system, case), lane.value(system, case)
    await service.intake.take([signed(system, first, lane.sender, lane.recipient)])
    if same == "id":
        second = changed(second, id=json.loads(first)["id"], sequence=2)
    record = signed(system, second, lane.sender, lane.recipient)
    before = await service.counts("quarantine")
    assert await service.intake.take([record]) == []
    kept = await service.rows("SELECT reason FROM quarantine WHERE digest = :digest", digest=record.digest)
    assert [row["reason"] for row in kept] == ["message-contradicts"]
    assert await service.counts("quarantine") == before


async def expect_quarantined(under_way: UnderWay, package: str, record: Record, reason: str) -> None:
    """In custody and receipted, its bytes kept under ``reason``, and nothing else changed."""
    service = under_way.system[package]
    before = await service.counts(*KEPT_ANYWAY)
    receipts = await service.intake.take([record])
    assert await reason_of(under_way.system, package, id_of(record.value)) == reason
    assert len(receipts) == 1
    assert await service.counts(*KEPT_ANYWAY) == before


async def reason_of(system: FourServices, package: str, message_id: object) -> str | None:
    rows = await system[package].rows("SELECT reason FROM quarantine WHERE message_id = :id", id=message_id)
    return str(rows[0]["reason"]) if rows else None
