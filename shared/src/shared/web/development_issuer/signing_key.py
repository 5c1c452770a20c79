"""The issuer's own key, made at its first start."""

import hashlib
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


class SigningKey:
    """An ES256 key with the issuer and audience that its tokens name."""

    def __init__(self, private_key: ec.EllipticCurvePrivateKey, *, issuer: str, audience: str) -> None:
        self._private_key = private_key
        self._issuer = issuer
        self._audience = audience
        public = private_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.kid = hashlib.sha256(public).hexdigest()[:32]

    @classmethod
    def load_or_make(cls, file: Path, *, issuer: str, audience: str) -> "SigningKey":
        """The key in ``file`` (PEM, PKCS #8); made with rights for its owner only where there is none."""
        if not file.exists():
            _make(file)
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{file} holds no elliptic-curve key")
        return cls(key, issuer=issuer, audience=audience)

    def key_set(self) -> dict[str, Any]:
        """The public half as a JWK set (RFC 7517)."""
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._private_key.public_key()))
        return {"keys": [{**public, "kid": self.kid, "alg": "ES256", "use": "sig"}]}

    def mint(self, claims: dict[str, Any], *, now: datetime, lifetime: timedelta) -> str:
        """A signed token with ``claims`` (``sub`` and ``scope`` at least), valid from ``now`` for ``lifetime``."""
        issued = int(now.timestamp())
        times = {"iat": issued, "exp": issued + int(lifetime.total_seconds())}
        body = {**claims, **times, "iss": self._issuer, "aud": self._audience}
        return jwt.encode(body, self._private_key, algorithm="ES256", headers={"kid": self.kid})


def _make(file: Path) -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(pem)
