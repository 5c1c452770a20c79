"""Private and public keys as PEM, whatever their algorithm."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm

from shared.signing import base64url, metrics
from shared.signing.algorithms import ALGORITHMS, Algorithm
from shared.signing.errors import KeyUnreadable

_PEM = re.compile(r"-----BEGIN (PUBLIC|PRIVATE) KEY-----\s+([A-Za-z0-9+/=\s]+)-----END \1 KEY-----\s*\Z")
_EC_PUBLIC_KEY_OID = bytes.fromhex("06072a8648ce3d0201")
_MAX_PEM_CHARACTERS = 4096
_PUBLIC_KEYS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key to verify with."""

    algorithm: str
    kid: str
    _native: Any = field(repr=False, compare=False)

    @classmethod
    def load(cls, pem: str) -> "PublicKey":
        """The key of a SubjectPublicKeyInfo PEM; raises ``KeyUnreadable``."""
        return _load_public(pem)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Returns when the raw ``signature`` holds over ``data``; raises ``SignatureInvalid``."""
        metrics.VERIFICATIONS.labels(self.algorithm).inc()
        ALGORITHMS[self.algorithm].verify(self._native, signature, data)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key to sign with; ``public_key`` is its public half as PEM, ``kid`` that half's id."""

    algorithm: str
    kid: str
    public_key: str
    _native: Any = field(repr=False, compare=False)

    @classmethod
    def generate(cls, algorithm: str) -> "PrivateKey":
        """A new key of an algorithm of the table."""
        return cls._of(ALGORITHMS[algorithm], ALGORITHMS[algorithm].generate())

    @classmethod
    def load(cls, pem: str) -> "PrivateKey":
        """The key of an unencrypted PKCS #8 PEM; raises ``KeyUnreadable``."""
        algorithm = _algorithm_of(_der(pem, "PRIVATE"))
        try:
            return cls._of(algorithm, algorithm.load_private(pem.encode("ascii")))
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyUnreadable("not a readable private key") from error

    @classmethod
    def _of(cls, algorithm: Algorithm, native: Any) -> "PrivateKey":
        public_key = algorithm.public_pem(native).decode("ascii")
        return cls(algorithm.name, kid_of(public_key), public_key, native)

    def pem(self) -> str:
        """The unencrypted PKCS #8 PEM, for a file that only the service may read."""
        return ALGORITHMS[self.algorithm].private_pem(self._native).decode("ascii")

    def sign(self, data: bytes) -> bytes:
        """The raw signature over ``data``."""
        metrics.SIGNATURES.labels(self.algorithm).inc()
        return ALGORITHMS[self.algorithm].sign(self._native, data)


def kid_of(public_pem: str) -> str:
    """The key's id: base64url of the SHA-256 of its SubjectPublicKeyInfo DER; raises ``KeyUnreadable``."""
    return base64url.encode(hashlib.sha256(_der(public_pem, "PUBLIC")).digest())


def algorithm_of(public_pem: str) -> str:
    """The name of the algorithm that a public key is for; raises ``KeyUnreadable``."""
    return _algorithm_of(_der(public_pem, "PUBLIC")).name


@lru_cache(maxsize=_PUBLIC_KEYS_KEPT)
def _load_public(pem: str) -> PublicKey:
    algorithm = _algorithm_of(_der(pem, "PUBLIC"))
    try:
        native = algorithm.load_public(pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnreadable("not a readable public key") from error
    return PublicKey(algorithm.name, kid_of(pem), native)


def _der(pem: str, kind: str) -> bytes:
    match = _PEM.match(pem) if len(pem) <= _MAX_PEM_CHARACTERS else None
    if match is None or match[1] != kind:
        raise KeyUnreadable(f"not a PEM of one {kind.lower()} key")
    try:
        return base64.b64decode("".join(match[2].split()), validate=True)
    except binascii.Error as error:
        raise KeyUnreadable("not a PEM key") from error


def _algorithm_of(der: bytes) -> Algorithm:
    # The curve stands in the AlgorithmIdentifier, which opens both structures (RFC 5480 §2.1.1, RFC 5958 §2).
    opening = der[:48]
    for algorithm in ALGORITHMS.values():
        if _EC_PUBLIC_KEY_OID + algorithm.curve_oid in opening:
            return algorithm
    raise KeyUnreadable("the key is of no supported algorithm")
