"""The shell script of the documents agrees with our own verification, without any Python in it."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party, Role
from shared.signing import base64url, jws
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.seal import seal_sheet, sheet_digest
from tests.unit.shared.signing.key_ring import KeyRing

SCRIPT = Path(__file__).parents[4] / "docs" / "verify-with-openssl.sh"
JINAN = Party(Role.OUTBOUND, "370100")


pytestmark = pytest.mark.usefixtures("openssl")


def check(*arguments: Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


@pytest.fixture
async def text(ring: KeyRing, sheet: InfoSheet) -> str:
    return (await seal_sheet(sheet, ring.signers, JINAN)).text


@pytest.fixture
def key_file(ring: KeyRing, tmp_path: Path) -> Path:
    return written(tmp_path / "key.pem", ring.private[JINAN, Purpose.SEAL].public_key)


@pytest.mark.law("N8")
def test_openssl_accepts_the_seal_and_gives_the_signed_bytes(
    text: str, key_file: Path, tmp_path: Path, algorithm: str
) -> None:
    result = check(written(tmp_path / "sheet", text), key_file, tmp_path / "payload")

    assert result.returncode == 0, result.stderr
    assert algorithm in result.stdout
    assert sheet_digest(text) in result.stdout
    assert (tmp_path / "payload").read_bytes() == jws.read(text).payload


def test_many_signatures_are_right_for_openssl_whatever_their_leading_bits(
    ring: KeyRing, key_file: Path, tmp_path: Path
) -> None:
    key = ring.private[JINAN, Purpose.SEAL]
    for number in range(12):
        payload = b"\x00" * number
        signature = jws.sign(payload, key, DocumentType.SHEET)
        result = check(written(tmp_path / "file", jws.write(jws.Envelope(payload, (signature,)))), key_file)
        assert result.returncode == 0, result.stderr


def test_openssl_finds_the_second_seal_by_its_key(ring: KeyRing, text: str, tmp_path: Path) -> None:
    envelope = jws.read(text)
    platform = ring.private[PLATFORM, Purpose.SEAL]
    both = (*envelope.signatures, jws.sign(envelope.payload, platform, DocumentType.SHEET))
    file = written(tmp_path / "sheet", jws.write(replace(envelope, signatures=both)))

    assert check(file, written(tmp_path / "platform.pem", platform.public_key)).returncode == 0


def test_openssl_refuses_another_content_under_the_same_signature(text: str, key_file: Path, tmp_path: Path) -> None:
    envelope = jws.read(text)
    changed = jws.write(replace(envelope, payload=envelope.payload.replace(b"1234.56", b"9234.56")))

    result = check(written(tmp_path / "sheet", changed), key_file, tmp_path / "payload")

    assert result.returncode == 1
    assert "签名与内容不符" in result.stderr
    assert not (tmp_path / "payload").exists()


def test_openssl_refuses_another_key(text: str, tmp_path: Path, algorithm: str) -> None:
    other = written(tmp_path / "other.pem", PrivateKey.generate(algorithm).public_key)

    result = check(written(tmp_path / "sheet", text), other)

    assert result.returncode == 1
    assert "没有用该公钥" in result.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"}]}', '"},]}'),
        ('{"payload":', '{ "payload":'),
        ('{"payload":', '{"note":"","payload":'),
        ('"signatures"', '\n"signatures"'),
    ],
)
def test_script_refuses_a_file_of_another_spelling(
    text: str, key_file: Path, tmp_path: Path, old: str, new: str
) -> None:
    assert check(written(tmp_path / "sheet", text.replace(old, new)), key_file).returncode == 1


def test_script_refuses_unused_bits_in_the_signature(text: str, key_file: Path, tmp_path: Path) -> None:
    value = base64url.encode(jws.read(text).signatures[0].value)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = text.replace(value, value[:-1] + alphabet[alphabet.index(value[-1]) + 1])

    assert check(written(tmp_path / "sheet", changed), key_file).returncode == 1


def test_script_says_when_it_cannot_check(text: str, key_file: Path, tmp_path: Path) -> None:
    sheet = written(tmp_path / "sheet", text)

    assert check(sheet).returncode == 2
    assert check(tmp_path / "missing", key_file).returncode == 2
    assert check(sheet, sheet).returncode == 2
