"""Verifying a message of the exchange over its exact bytes, before anything of it is parsed."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.party import Party
from shared.signing import jws
from shared.signing.documents import signing_key
from shared.signing.errors import MalformedSignature
from shared.signing.jws import DocumentType
from shared.signing.keys import Keys, Purpose


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Whose key it was."""

    kid: str
    owner: Party


def verify_detached(header: str | bytes, value: bytes, keys: Keys, at: datetime) -> SignedBy:
    """Who signed ``value``, by the detached JWS in the record's header, with a message key valid at ``at``.

    The caller still compares the owner with the sender that the message names. Raises ``VerificationFailed``;
    ``KeyUnknown`` may mean that the local registry is behind.
    """
    signature = jws.read_detached(_text(header))
    key = signing_key(jws.Envelope(value, (signature,)), signature, keys, DocumentType.MESSAGE)
    key.require(Purpose.MESSAGE, at)
    return SignedBy(key.kid, key.owner)


def _text(header: str | bytes) -> str:
    if isinstance(header, str):
        return header
    try:
        return header.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedSignature("不是规定格式的分离签名") from error
