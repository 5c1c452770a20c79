"""The one table of signature algorithms; no other module knows them.

Signatures are the raw ``r || s`` of 64 bytes that JWS wants (RFC 7518 §3.4), for SM2 as well.
"""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from shared.signing.errors import AlgorithmUnavailable, SignatureInvalid

_COORDINATE_BYTES = 32
_SIGNATURE_BYTES = 2 * _COORDINATE_BYTES


class Algorithm(Protocol):
    """What every algorithm can do. Keys are the library's own objects and stay opaque outside this module."""

    name: str
    curve_oid: bytes
    """DER of the curve's object identifier, by which a key file tells its algorithm."""

    def generate(self) -> Any:
        """A new private key."""

    def load_private(self, pem: bytes) -> Any:
        """The private key of an unencrypted PKCS #8 PEM; ``ValueError`` where it is none."""

    def load_public(self, pem: bytes) -> Any:
        """The public key of a SubjectPublicKeyInfo PEM; ``ValueError`` where it is none."""

    def private_pem(self, key: Any) -> bytes:
        """PKCS #8 PEM, unencrypted."""

    def public_pem(self, key: Any) -> bytes:
        """SubjectPublicKeyInfo PEM of a private key's public half."""

    def sign(self, key: Any, data: bytes) -> bytes:
        """The raw signature, 64 bytes."""

    def verify(self, key: Any, signature: bytes, data: bytes) -> None:
        """Returns when ``signature`` holds; raises ``SignatureInvalid`` when it does not."""


class Es256:
    """ECDSA on P-256 with SHA-256 (RFC 7518 §3.4), by ``cryptography``."""

    name = "ES256"
    curve_oid = bytes.fromhex("06082a8648ce3d030107")
    _scheme = ec.ECDSA(hashes.SHA256())

    def generate(self) -> Any:
        return ec.generate_private_key(ec.SECP256R1())

    def load_private(self, pem: bytes) -> Any:
        return serialization.load_pem_private_key(pem, password=None)

    def load_public(self, pem: bytes) -> Any:
        return serialization.load_pem_public_key(pem)

    def private_pem(self, key: Any) -> bytes:
        return _private_pem(serialization, key)

    def public_pem(self, key: Any) -> bytes:
        return _public_pem(serialization, key)

    def sign(self, key: Any, data: bytes) -> bytes:
        return _raw(key.sign(data, self._scheme))

    def verify(self, key: Any, signature: bytes, data: bytes) -> None:
        try:
            key.verify(_der(signature), data, self._scheme)
        except InvalidSignature as error:
            raise SignatureInvalid("签名与内容不符") from error


class Sm2Sm3:
    """SM2 with SM3 (GB/T 32918.2, GB/T 32905), by ``tongsuopy``.

    ``tongsuopy`` signs with the signer id 1234567812345678 (GB/T 35276) and offers no other.
    """

    name = "SM2-SM3"
    curve_oid = bytes.fromhex("06082a811ccf5501822d")

    def generate(self) -> Any:
        curves = _tongsuo("asymciphers.ec")
        return curves.generate_private_key(curves.SM2())

    def load_private(self, pem: bytes) -> Any:
        return _tongsuo("serialization").load_pem_private_key(pem, password=None)

    def load_public(self, pem: bytes) -> Any:
        return _tongsuo("serialization").load_pem_public_key(pem)

    def private_pem(self, key: Any) -> bytes:
        return _private_pem(_tongsuo("serialization"), key)

    def public_pem(self, key: Any) -> bytes:
        return _public_pem(_tongsuo("serialization"), key)

    def sign(self, key: Any, data: bytes) -> bytes:
        return _raw(key.sign(data, self._scheme()))

    def verify(self, key: Any, signature: bytes, data: bytes) -> None:
        try:
            key.verify(_der(signature), data, self._scheme())
        except _tongsuo("exceptions").InvalidSignature as error:
            raise SignatureInvalid("签名与内容不符") from error

    @staticmethod
    def _scheme() -> Any:
        return _tongsuo("asymciphers.ec").ECDSA(_tongsuo("hashes").SM3())


ALGORITHMS: dict[str, Algorithm] = {algorithm.name: algorithm for algorithm in (Es256(), Sm2Sm3())}
"""By the name that stands in a JWS header's ``alg``."""


@cache
def _tongsuo(module: str) -> ModuleType:
    try:
        return import_module(f"tongsuopy.crypto.{module}")
    except ImportError as error:
        raise AlgorithmUnavailable("SM2-SM3 needs the optional package tongsuopy (extra sm2)") from error


def _private_pem(library: Any, key: Any) -> bytes:
    pem: bytes = key.private_bytes(library.Encoding.PEM, library.PrivateFormat.PKCS8, library.NoEncryption())
    return pem


def _public_pem(library: Any, key: Any) -> bytes:
    pem: bytes = key.public_key().public_bytes(library.Encoding.PEM, library.PublicFormat.SubjectPublicKeyInfo)
    return pem


def _raw(der: bytes) -> bytes:
    r, s = decode_dss_signature(der)
    return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")


def _der(raw: bytes) -> bytes:
    if len(raw) != _SIGNATURE_BYTES:
        raise SignatureInvalid("签名长度不正确")
    r, s = int.from_bytes(raw[:_COORDINATE_BYTES], "big"), int.from_bytes(raw[_COORDINATE_BYTES:], "big")
    return encode_dss_signature(r, s)
