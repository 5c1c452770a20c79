"""One byte changed anywhere is refused: in the payload, the header, the signature, the envelope around them."""

import asyncio
import string
from datetime import UTC, datetime
from importlib.util import find_spec

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import Party, Role
from shared.signing import base64url, json_text
from shared.signing.errors import VerificationFailed
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose, VerificationKey
from shared.signing.messages import verify_detached
from shared.signing.seal import open_sheet
from shared.signing.signers import Signers

JINAN = Party(Role.OUTBOUND, "370100")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ALGORITHMS = ["ES256"] + (["SM2-SM3"] if find_spec("tongsuopy") else [])
BASE64URL = string.ascii_letters + string.digits + "-_"
VALUE = '{"specversion":"1.0","data":{"名":"甲"}}'.encode()


def entry(private: PrivateKey, purpose: Purpose) -> VerificationKey:
    return VerificationKey(
        kid=private.kid,
        owner=JINAN,
        purpose=purpose,
        algorithm=private.algorithm,
        public_key=private.public_key,
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    )


PRIVATE = {(name, purpose): PrivateKey.generate(name) for name in ALGORITHMS for purpose in Purpose}
KEYS = {private.kid: entry(private, purpose) for (_, purpose), private in PRIVATE.items()}
SIGNERS = {name: Signers({(JINAN, purpose): PRIVATE[name, purpose] for purpose in Purpose}) for name in ALGORITHMS}
algorithms = st.sampled_from(ALGORITHMS)


@pytest.fixture(scope="module")
def sealed() -> dict[str, str]:
    sheet = InfoSheet.model_validate(
        {
            "rlts_traf_id": "7K2M9QX4TB6WPZ3C",
            "version": 1,
            "trafout_admdvs": "370100",
            "trafin_admdvs": "110000",
            "trafout_insutype": "310",
            "trafin_insutype": "310",
            "head": {"psn_name": "张三", "psn_cert_type": "01", "certno": "11010519491231002X", "gend": "2"},
            "rows": [],
            "foot": {
                "acctfund_traf_amt_cn": "零圆整",
                "acctfund_traf_amt": "0.00",
                "opter_name": "李四",
                "tel": "1",
                "agency_name": "济南",
                "issued_on": "2026-03-02",
            },
            "acct_disposition": "none",
            "has_account": False,
            "attachment": {"psn_no": "1"},
        }
    )
    payload = json_text.canonical(sheet.model_dump(mode="json"))
    return {
        name: asyncio.run(SIGNERS[name].sign(JINAN, Purpose.SEAL, payload, typ=DocumentType.SHEET))
        for name in ALGORITHMS
    }


def opens(text: str) -> bool:
    try:
        open_sheet(text, KEYS, NOW)
    except VerificationFailed:
        return False
    return True


@settings(deadline=None)
@given(algorithm=algorithms, data=st.data())
def test_sheet_with_any_one_byte_changed_is_refused(
    sealed: dict[str, str], algorithm: str, data: st.DataObject
) -> None:
    text = sealed[algorithm]
    assert opens(text)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters(codec="latin-1")) + text[place + 1 :]
    assume(changed != text)

    assert not opens(changed)


@settings(deadline=None)
@given(algorithm=algorithms, data=st.data())
def test_sheet_with_one_base64_character_changed_is_refused(
    sealed: dict[str, str], algorithm: str, data: st.DataObject
) -> None:
    text = sealed[algorithm]
    part = data.draw(st.sampled_from(['"payload":"', '"protected":"', '"signature":"']))
    begin = text.index(part) + len(part)
    place = data.draw(st.integers(begin, text.index('"', begin) - 1))
    changed = text[:place] + data.draw(st.sampled_from(BASE64URL)) + text[place + 1 :]
    assume(changed != text)

    assert not opens(changed)


@settings(deadline=None)
@given(algorithm=algorithms, data=st.data())
def test_sheet_with_one_byte_added_or_left_out_is_refused(
    sealed: dict[str, str], algorithm: str, data: st.DataObject
) -> None:
    text = sealed[algorithm]
    place = data.draw(st.integers(0, len(text)))
    added = text[:place] + data.draw(st.characters(codec="ascii")) + text[place:]
    shortened = text[:place] + text[place + 1 :]

    assert not opens(added)
    assert shortened == text or not opens(shortened)


@settings(deadline=None)
@given(algorithm=algorithms, place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_message_with_one_bit_changed_is_refused(algorithm: str, place: int, bit: int) -> None:
    header = SIGNERS[algorithm].sign_detached(JINAN, VALUE)
    verify_detached(header, VALUE, KEYS, NOW)
    changed = bytearray(VALUE)
    changed[place % len(VALUE)] ^= 1 << bit

    with pytest.raises(VerificationFailed):
        verify_detached(header, bytes(changed), KEYS, NOW)


@settings(deadline=None)
@given(algorithm=algorithms, data=st.data())
def test_message_with_one_byte_of_its_header_changed_is_refused(algorithm: str, data: st.DataObject) -> None:
    header = SIGNERS[algorithm].sign_detached(JINAN, VALUE)
    place = data.draw(st.integers(0, len(header) - 1))
    changed = header[:place] + data.draw(st.sampled_from(BASE64URL + '.="\u00e9')) + header[place + 1 :]
    assume(changed != header)

    with pytest.raises(VerificationFailed):
        verify_detached(changed, VALUE, KEYS, NOW)


@settings(deadline=None)
@given(noise=st.binary(max_size=300))
def test_noise_is_refused_as_text_and_as_header(noise: bytes) -> None:
    with pytest.raises(VerificationFailed):
        verify_detached(noise, VALUE, KEYS, NOW)
    assert not opens(noise.decode("latin-1"))


@settings(deadline=None)
@given(data=st.binary(max_size=100))
def test_base64url_reads_back_what_it_wrote(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@settings(deadline=None)
@given(text=st.text(alphabet=BASE64URL, max_size=20))
def test_base64url_has_one_text_for_one_sequence_of_bytes(text: str) -> None:
    try:
        data = base64url.decode(text)
    except ValueError:
        return
    assert base64url.encode(data) == text
