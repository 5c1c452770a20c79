"""Detached signatures of messages."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.party import Party, Role
from shared.signing import jws
from shared.signing.errors import (
    KeyNotValid,
    KeyRevoked,
    KeyUnknown,
    MalformedSignature,
    NoSigningKey,
    WrongPurpose,
    WrongType,
)
from shared.signing.jws import DocumentType
from shared.signing.keys import Purpose
from shared.signing.messages import SignedBy, verify_detached
from tests.unit.shared.signing.key_ring import KeyRing

JINAN = Party(Role.OUTBOUND, "370100")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
VALUE = b'{"specversion":"1.0"}'


def test_tells_who_signed(ring: KeyRing) -> None:
    header = ring.signers.sign_detached(JINAN, VALUE)
    kid = ring.private[JINAN, Purpose.MESSAGE].kid

    assert verify_detached(header, VALUE, ring.public, NOW) == SignedBy(kid, JINAN)
    assert verify_detached(header.encode(), VALUE, ring.public, NOW).owner == JINAN


def test_header_stays_small(ring: KeyRing) -> None:
    assert len(ring.signers.sign_detached(JINAN, VALUE)) < 300


def test_refuses_a_seal_key_for_a_message(ring: KeyRing) -> None:
    signature = jws.sign(VALUE, ring.private[JINAN, Purpose.SEAL], DocumentType.MESSAGE)

    with pytest.raises(WrongPurpose):
        verify_detached(jws.write_detached(signature), VALUE, ring.public, NOW)


def test_refuses_a_signature_over_the_same_bytes_as_another_document(ring: KeyRing) -> None:
    signature = jws.sign(VALUE, ring.private[JINAN, Purpose.MESSAGE], DocumentType.SHEET)

    with pytest.raises(WrongType):
        verify_detached(jws.write_detached(signature), VALUE, ring.public, NOW)


def test_refuses_unknown_revoked_and_outdated_keys(ring: KeyRing) -> None:
    header = ring.signers.sign_detached(JINAN, VALUE)
    kid = ring.private[JINAN, Purpose.MESSAGE].kid

    with pytest.raises(KeyUnknown):
        verify_detached(header, VALUE, {}, NOW)
    with pytest.raises(KeyNotValid):
        verify_detached(header, VALUE, ring.public, ring.public[kid].valid_from - timedelta(seconds=1))
    ring.change(kid, revoked_at=NOW)
    with pytest.raises(KeyRevoked):
        verify_detached(header, VALUE, ring.public, NOW)


def test_refuses_a_header_that_is_not_ascii(ring: KeyRing) -> None:
    with pytest.raises(MalformedSignature):
        verify_detached(b"\xff..\xff", VALUE, ring.public, NOW)


def test_says_whose_key_is_missing(ring: KeyRing) -> None:
    with pytest.raises(NoSigningKey, match=r"message key for ledger\.370100"):
        ring.signers.sign_detached(Party(Role.LEDGER, "370100"), VALUE)
