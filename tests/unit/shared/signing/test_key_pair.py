"""Keys as files, and the algorithms behind them."""

import base64
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from shared.signing.algorithms import ALGORITHMS
from shared.signing.errors import KeyUnreadable, SignatureInvalid
from shared.signing.key_pair import PrivateKey, PublicKey, algorithm_of, kid_of

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def pem_of(der: bytes, kind: str = "PUBLIC") -> str:
    return f"-----BEGIN {kind} KEY-----\n{base64.b64encode(der).decode()}\n-----END {kind} KEY-----\n"


def der_of(pem: str) -> bytes:
    return base64.b64decode("".join(pem.splitlines()[1:-1]))


def test_key_comes_back_from_its_pem(algorithm: str) -> None:
    key = PrivateKey.generate(algorithm)

    again = PrivateKey.load(key.pem())

    assert again == key
    assert again.algorithm == algorithm_of(key.public_key) == algorithm
    PublicKey.load(key.public_key).verify(again.sign(b"data"), b"data")


def test_signature_is_64_raw_bytes_and_not_for_other_data(algorithm: str) -> None:
    key = PrivateKey.generate(algorithm)
    signature = key.sign(b"data")

    assert len(signature) == 64
    with pytest.raises(SignatureInvalid):
        PublicKey.load(key.public_key).verify(signature, b"date")
    with pytest.raises(SignatureInvalid):
        PublicKey.load(PrivateKey.generate(algorithm).public_key).verify(signature, b"data")


@pytest.mark.parametrize(
    "signature", [b"", bytes(64), b"\xff" * 64, bytes(63), bytes(65), b"\x30\x06\x02\x01\x01\x02\x01\x01"]
)
def test_absurd_signatures_are_just_invalid(algorithm: str, signature: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        PublicKey.load(PrivateKey.generate(algorithm).public_key).verify(signature, b"data")


def test_kid_is_the_digest_of_the_public_key(algorithm: str) -> None:
    key = PrivateKey.generate(algorithm)

    expected = base64.urlsafe_b64encode(hashlib.sha256(der_of(key.public_key)).digest()).rstrip(b"=").decode()

    assert key.kid == kid_of(key.public_key) == PublicKey.load(key.public_key).kid == expected


def test_private_key_does_not_show_itself(algorithm: str) -> None:
    key = PrivateKey.generate(algorithm)

    assert "PRIVATE" not in repr(key)
    assert "native" not in repr(key)


@needs_openssl
def test_keys_that_openssl_made_are_read(algorithm: str, tmp_path: Path) -> None:
    curve = {"ES256": "P-256", "SM2-SM3": "SM2"}[algorithm]
    command = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"this openssl makes no {curve} key")

    assert PrivateKey.load(made.stdout).algorithm == algorithm


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "nonsense",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        pem_of(b"\x30\x00"),
        "-----BEGIN PUBLIC KEY-----\nAAA\n-----END PUBLIC KEY-----\n",
        pem_of(b"\x30" * 5000),
    ],
)
def test_refuses_what_is_no_public_key(pem: str) -> None:
    with pytest.raises(KeyUnreadable):
        PublicKey.load(pem)
    with pytest.raises(KeyUnreadable):
        PrivateKey.load(pem.replace("PUBLIC", "PRIVATE"))


def test_refuses_keys_of_other_kinds() -> None:
    spki = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    others = (ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048))

    for other in others:
        with pytest.raises(KeyUnreadable):
            PublicKey.load(other.public_key().public_bytes(*spki).decode())


def test_refuses_a_point_that_is_not_on_the_curve(algorithm: str) -> None:
    der = bytearray(der_of(PrivateKey.generate(algorithm).public_key))
    der[-1] ^= 1

    with pytest.raises(KeyUnreadable):
        PublicKey.load(pem_of(bytes(der)))


def test_refuses_a_public_key_in_place_of_a_private_one_and_the_other_way_round(algorithm: str) -> None:
    key = PrivateKey.generate(algorithm)

    with pytest.raises(KeyUnreadable):
        PrivateKey.load(key.public_key)
    with pytest.raises(KeyUnreadable):
        PublicKey.load(key.pem())


def test_table_holds_exactly_the_two_algorithms() -> None:
    assert set(ALGORITHMS) == {"ES256", "SM2-SM3"}


def test_without_the_extra_es256_works_and_sm2_says_what_is_missing() -> None:
    program = """
import sys
sys.modules["tongsuopy"] = None
from shared.signing.errors import AlgorithmUnavailable
from shared.signing.key_pair import PrivateKey
PrivateKey.generate("ES256").sign(b"data")
try:
    PrivateKey.generate("SM2-SM3")
except AlgorithmUnavailable as error:
    print(error)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "tongsuopy" in result.stdout
