"""Sealing a sheet and opening it again."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party, Role
from shared.signing import base64url, json_text, jws
from shared.signing.errors import (
    AlgorithmRefused,
    ContentUnreadable,
    KeyNotValid,
    KeyRevoked,
    KeyUnknown,
    MalformedSignature,
    NoSigningKey,
    SignatureInvalid,
    WrongOwner,
    WrongPurpose,
    WrongType,
)
from shared.signing.jws import DocumentType
from shared.signing.keys import Purpose
from shared.signing.seal import open_sheet, read_sheet, seal_sheet, sheet_digest
from shared.signing.signers import Signers
from tests.unit.shared.signing.key_ring import VALID_TO, KeyRing, MakeSheet

JINAN = Party(Role.OUTBOUND, "370100")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


async def test_opens_what_was_sealed_with_the_same_content_and_digest(ring: KeyRing, sheet: InfoSheet) -> None:
    sealed = await seal_sheet(sheet, ring.signers, JINAN)

    opened = open_sheet(sealed.text, ring.public, NOW)

    assert opened.sheet == sheet
    assert opened.owner == JINAN
    assert (opened.kid, opened.digest) == (sealed.kid, sealed.digest)
    assert sealed.digest == sheet_digest(sealed.text)


async def test_payload_is_canonical_json_made_once(ring: KeyRing, sheet: InfoSheet) -> None:
    sealed = await seal_sheet(sheet, ring.signers, JINAN)

    payload = open_sheet(sealed.text, ring.public, NOW).payload

    assert payload == json_text.canonical(json.loads(payload))
    assert "张三".encode() in payload


async def test_opens_a_sheet_of_schema_1_that_was_sealed_before_it_had_more_fields(ring: KeyRing) -> None:
    """Written out as the first release wrote it: the bytes are the evidence, and must be readable for ever."""
    contribution = {
        "accrym_begn": "202301",
        "accrym_end": "202412",
        "agency_name": None,
        "cashym": "202412",
        "clct_flag": "1",
        "clct_time": None,
        "clct_type": None,
        "emp_no": None,
        "insutype": "310",
        "memo": None,
        "poolarea_no": None,
        "revs_flag": False,
        "rid": "C1",
    }
    entry = {"amount": "1234.56", "booked_on": "2026-01-31", "memo": None, "rid": "A1"}
    row = {
        "accrym_begn": "202301",
        "accrym_end": "202412",
        "admdvs": "370100",
        "agency_name": "济南市医疗保险事业中心",
        "memo": None,
        "months": 24,
        "row_no": 1,
        "row_type": "1",
    }
    foot = {
        "acctfund_traf_amt": "1234.56",
        "acctfund_traf_amt_cn": "壹仟贰佰叁拾肆元伍角陆分",
        "agency_name": "济南市医疗保险事业中心",
        "issued_on": "2026-03-02",
        "opter_name": "李四",
        "tel": "0531-12345678",
    }
    written = {
        "acct_disposition": "transfer",
        "attachment": {
            "account": {"balc": "1234.56", "entries": [entry]},
            "brdy": None,
            "contributions": [contribution],
            "psn_no": "37010000000001",
            "relations": [],
        },
        "foot": foot,
        "has_account": True,
        "head": {"certno": "11010519491231002X", "gend": "2", "psn_cert_type": "01", "psn_name": "张三"},
        "rlts_traf_id": "ABCDEFGHJKMN2345",
        "rows": [row],
        "schema_version": "1",
        "trafin_admdvs": "110000",
        "trafin_insutype": "310",
        "trafout_admdvs": "370100",
        "trafout_insutype": "310",
        "version": 1,
        "warnings": [],
    }
    payload = json_text.canonical(written)
    text = await ring.signers.sign(JINAN, Purpose.SEAL, payload, typ=DocumentType.SHEET)
    opened = open_sheet(text, ring.public, NOW)
    assert opened.payload == payload
    assert (opened.sheet.rows[0].months, opened.sheet.foot.acctfund_traf_amt) == (24, 123456)
    assert opened.sheet.attachment.contributions[0].psn_clctstd is None
    assert read_sheet(text) == opened.sheet


async def test_refuses_to_seal_for_another_agency(ring: KeyRing, sheet: InfoSheet) -> None:
    with pytest.raises(WrongOwner):
        await seal_sheet(sheet, ring.signers, Party(Role.OUTBOUND, "370200"))


async def test_refuses_to_seal_without_a_key(sheet: InfoSheet) -> None:
    with pytest.raises(NoSigningKey, match=r"outbound\.370100"):
        await seal_sheet(sheet, Signers({}), JINAN)


async def test_refuses_sheet_with_unknown_key(ring: KeyRing, sheet: InfoSheet) -> None:
    sealed = await seal_sheet(sheet, ring.signers, JINAN)

    with pytest.raises(KeyUnknown):
        open_sheet(sealed.text, {}, NOW)


async def test_refuses_sheet_with_revoked_key_from_the_instant_of_revocation(ring: KeyRing, sheet: InfoSheet) -> None:
    sealed = await seal_sheet(sheet, ring.signers, JINAN)
    ring.change(sealed.kid, revoked_at=NOW, revocation_reason="密钥遗失")

    open_sheet(sealed.text, ring.public, NOW - timedelta(microseconds=1))
    with pytest.raises(KeyRevoked):
        open_sheet(sealed.text, ring.public, NOW)


async def test_refuses_sheet_outside_the_validity_of_its_key(ring: KeyRing, sheet: InfoSheet) -> None:
    sealed = await seal_sheet(sheet, ring.signers, JINAN)
    key = ring.public[sealed.kid]

    open_sheet(sealed.text, ring.public, key.valid_from)
    with pytest.raises(KeyNotValid, match="尚未生效"):
        open_sheet(sealed.text, ring.public, key.valid_from - timedelta(seconds=1))
    with pytest.raises(KeyNotValid, match="已过有效期"):
        open_sheet(sealed.text, ring.public, VALID_TO)


async def test_refuses_sheet_sealed_with_a_message_key(ring: KeyRing, sheet: InfoSheet) -> None:
    ring.private[JINAN, Purpose.SEAL] = ring.private[JINAN, Purpose.MESSAGE]
    sealed = await seal_sheet(sheet, ring.signers, JINAN)

    with pytest.raises(WrongPurpose):
        open_sheet(sealed.text, ring.public, NOW)


async def test_refuses_sheet_sealed_by_another_agency(ring: KeyRing, sheet: InfoSheet) -> None:
    other = Party(Role.OUTBOUND, "370200")
    ring.add(other, Purpose.SEAL)
    payload = json_text.canonical(sheet.model_dump(mode="json"))
    text = await ring.signers.sign(other, Purpose.SEAL, payload, typ=DocumentType.SHEET)

    with pytest.raises(WrongOwner):
        open_sheet(text, ring.public, NOW)


async def test_refuses_another_kind_of_document_in_place_of_a_sheet(ring: KeyRing, sheet: InfoSheet) -> None:
    payload = json_text.canonical(sheet.model_dump(mode="json"))
    text = await ring.signers.sign(JINAN, Purpose.SEAL, payload, typ=DocumentType.ARRIVAL)

    with pytest.raises(WrongType):
        open_sheet(text, ring.public, NOW)


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"\xff", b'{"schema_version":"1","schema_version":"1"}'])
async def test_refuses_sealed_bytes_that_are_no_sheet(ring: KeyRing, payload: bytes) -> None:
    text = await ring.signers.sign(JINAN, Purpose.SEAL, payload, typ=DocumentType.SHEET)

    with pytest.raises(ContentUnreadable):
        open_sheet(text, ring.public, NOW)


async def test_refuses_sheet_that_names_an_amount_twice(ring: KeyRing, sheet: InfoSheet) -> None:
    payload = json_text.canonical(sheet.model_dump(mode="json"))
    doubled = payload.replace(b'"acctfund_traf_amt":', b'"acctfund_traf_amt":"1.00","acctfund_traf_amt":')
    text = await ring.signers.sign(JINAN, Purpose.SEAL, doubled, typ=DocumentType.SHEET)

    with pytest.raises(ContentUnreadable):
        open_sheet(text, ring.public, NOW)


async def test_refuses_header_that_claims_another_algorithm_than_the_key(
    ring: KeyRing, sheet: InfoSheet, algorithm: str
) -> None:
    sealed = await seal_sheet(sheet, ring.signers, JINAN)
    other = {"ES256": "SM2-SM3", "SM2-SM3": "ES256"}[algorithm]
    envelope = jws.read(sealed.text)
    protected = jws.protected_header(other, sealed.kid, DocumentType.SHEET)
    text = jws.write(replace(envelope, signatures=(replace(envelope.signatures[0], protected=protected),)))

    with pytest.raises(AlgorithmRefused):
        open_sheet(text, ring.public, NOW)


async def test_accepts_a_second_seal_and_refuses_a_false_one(ring: KeyRing, sheet: InfoSheet) -> None:
    sealed = await seal_sheet(sheet, ring.signers, JINAN)
    envelope = jws.read(sealed.text)
    second = jws.sign(envelope.payload, ring.private[PLATFORM, Purpose.SEAL], DocumentType.SHEET)
    false = replace(second, value=bytes(64))

    text = jws.write(replace(envelope, signatures=(*envelope.signatures, second)))
    assert open_sheet(text, ring.public, NOW).owner == JINAN

    with pytest.raises(SignatureInvalid):
        open_sheet(jws.write(replace(envelope, signatures=(*envelope.signatures, false))), ring.public, NOW)


async def test_refuses_a_sheet_whose_first_seal_is_not_the_outbound_agency(ring: KeyRing, sheet: InfoSheet) -> None:
    payload = json_text.canonical(sheet.model_dump(mode="json"))
    signatures = [
        jws.sign(payload, ring.private[party, Purpose.SEAL], DocumentType.SHEET) for party in (PLATFORM, JINAN)
    ]

    with pytest.raises(WrongOwner):
        open_sheet(jws.write(jws.Envelope(payload, tuple(signatures))), ring.public, NOW)


async def test_unreadable_content_is_reported_without_personal_data(ring: KeyRing, make_sheet: MakeSheet) -> None:
    document = make_sheet().model_dump(mode="json") | {"version": 0}
    text = await ring.signers.sign(JINAN, Purpose.SEAL, json_text.canonical(document), typ=DocumentType.SHEET)

    with pytest.raises(ContentUnreadable) as caught:
        open_sheet(text, ring.public, NOW)
    assert caught.value.__cause__ is None
    assert "张三" not in str(caught.value)


def test_refuses_a_text_over_the_limit(ring: KeyRing) -> None:
    with pytest.raises(MalformedSignature):
        open_sheet(" " * (jws.MAX_TEXT_BYTES + 1), ring.public, NOW)


def test_signature_of_wrong_length_is_refused(ring: KeyRing, sheet: InfoSheet) -> None:
    payload = json_text.canonical(sheet.model_dump(mode="json"))
    signature = jws.sign(payload, ring.private[JINAN, Purpose.SEAL], DocumentType.SHEET)
    short = replace(signature, value=signature.value[:-1])

    with pytest.raises(SignatureInvalid):
        open_sheet(jws.write(jws.Envelope(payload, (short,))), ring.public, NOW)


def test_digest_is_of_the_file_bytes() -> None:
    assert sheet_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert base64url.encode(b"\xfb\xff") == "-_8"
