"""Signing a snapshot with the platform's root key, and opening it by that key alone, which services have pinned."""

from pydantic import ValidationError

from shared.registry.models import RegistrySnapshot
from shared.signing import json_text, jws
from shared.signing.errors import ContentUnreadable, KeyUnknown
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey, PublicKey

MAX_SNAPSHOT_BYTES = 32 * 1024 * 1024
MEDIA_TYPE = "application/jose+json"


def sign_snapshot(snapshot: RegistrySnapshot, root_key: PrivateKey) -> str:
    """The snapshot as JWS text (general JSON), signed by the root key."""
    payload = json_text.canonical(snapshot.model_dump(mode="json"))
    return jws.write(jws.Envelope(payload, (jws.sign(payload, root_key, DocumentType.REGISTRY),)))


def open_snapshot(text: str, root_key: str) -> RegistrySnapshot:
    """Verifies by the pinned root key (public PEM) first and parses after.

    Raises ``VerificationFailed`` (``KeyUnknown``: signed by another key than the pinned one) and, where the
    pinned PEM itself is no key, ``KeyUnreadable``.
    """
    pinned = PublicKey.load(root_key)
    envelope = jws.read(text, max_bytes=MAX_SNAPSHOT_BYTES)
    signature = envelope.only_signature
    signature.require_type(DocumentType.REGISTRY)
    if (signature.kid, signature.algorithm) != (pinned.kid, pinned.algorithm):
        raise KeyUnknown("登记库快照不是由所固定的根密钥签发的")
    pinned.verify(signature.value, envelope.signing_input(signature))
    try:
        json_text.read(envelope.payload)
        return RegistrySnapshot.model_validate_json(envelope.payload)
    except (ValidationError, ValueError) as error:
        raise ContentUnreadable("登记库快照的内容无法识别") from error
