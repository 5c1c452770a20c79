"""JSON Web Signatures: the general JSON form for documents, the detached compact form for messages.

RFC 7515 §7.2.1 and appendix F, in one exact spelling: no blanks, members in a fixed order, nothing but
``alg``, ``kid`` and ``typ`` in a protected header and nothing unprotected. So a file has one reading, for a
shell as for a parser.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shared.signing import base64url, json_text
from shared.signing.algorithms import ALGORITHMS
from shared.signing.errors import AlgorithmRefused, MalformedSignature, WrongType
from shared.signing.key_pair import PrivateKey

MAX_SIGNATURES = 4
MAX_TEXT_BYTES = 2 * 1024 * 1024
_MAX_HEADER_CHARACTERS = 512
_HEADERS_KEPT = 4096
_DETACHED = re.compile(r"\A([A-Za-z0-9_-]{1,512})\.\.([A-Za-z0-9_-]{86})\Z")
_KID = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")


class DocumentType(StrEnum):
    """``typ``: what is signed, so that one kind of document never passes for another (RFC 8725 §3.11)."""

    SHEET = "transfer-sheet+json"
    ARRIVAL = "transfer-arrival+json"
    ADDENDUM = "transfer-addendum+json"
    ADDENDUM_ARRIVAL = "transfer-addendum-arrival+json"
    REGISTRY = "transfer-registry+json"
    BANK_ACCOUNT_CHANGE = "transfer-bank-account-change+json"
    PAPER_SHEET = "transfer-paper-sheet+json"
    PAPER_DISPATCH = "transfer-paper-dispatch+json"
    PAPER_ADDENDUM = "transfer-paper-addendum+json"
    ADDENDUM_DISPATCH = "transfer-addendum-dispatch+json"
    MESSAGE = "cloudevents+json"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature as read: the protected header's text, what it says, and the raw signature."""

    protected: str
    algorithm: str
    kid: str
    typ: str
    value: bytes

    def require_type(self, expected: DocumentType) -> None:
        """Returns when signed as ``expected``; raises ``WrongType``."""
        if self.typ != expected:
            raise WrongType("签名的文件类型不符")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A JWS as read, nothing verified yet. ``payload`` is to be parsed only after its signatures hold."""

    payload: bytes
    signatures: tuple[Signature, ...]

    @property
    def only_signature(self) -> Signature:
        """The single signature; raises ``MalformedSignature`` where there are more."""
        if len(self.signatures) != 1:
            raise MalformedSignature("应只有一个签名")
        return self.signatures[0]

    def signing_input(self, signature: Signature) -> bytes:
        """The bytes that ``signature`` was made over (RFC 7515 §5.1)."""
        return signing_input(signature.protected, self.payload)


@lru_cache(maxsize=_HEADERS_KEPT)
def protected_header(algorithm: str, kid: str, typ: DocumentType) -> str:
    """The protected header's base64url text."""
    return base64url.encode(json_text.canonical({"alg": algorithm, "kid": kid, "typ": typ}))


def signing_input(protected: str, payload: bytes) -> bytes:
    """The bytes to sign: ``BASE64URL(header).BASE64URL(payload)``."""
    return f"{protected}.{base64url.encode(payload)}".encode("ascii")


def sign(payload: bytes, key: PrivateKey, typ: DocumentType) -> Signature:
    """The signature of ``key`` over exactly these bytes."""
    protected = protected_header(key.algorithm, key.kid, typ)
    return Signature(protected, key.algorithm, key.kid, typ, key.sign(signing_input(protected, payload)))


def write(envelope: Envelope) -> str:
    """The text of a JWS in general JSON serialization, in its one spelling (ASCII, no line end)."""
    signatures = ",".join(
        f'{{"protected":"{signature.protected}","signature":"{base64url.encode(signature.value)}"}}'
        for signature in envelope.signatures
    )
    return f'{{"payload":"{base64url.encode(envelope.payload)}","signatures":[{signatures}]}}'


def read(text: str, *, max_bytes: int = MAX_TEXT_BYTES) -> Envelope:
    """The parts of a JWS text; raises ``MalformedSignature`` or ``AlgorithmRefused``. Verifies nothing."""
    if len(text) > max_bytes or not text.isascii():
        raise MalformedSignature("签名文件过大或含有非法字符")
    try:
        envelope = _envelope(json_text.read(text))
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedSignature("不是规定格式的签名文件") from error
    if write(envelope) != text:
        raise MalformedSignature("签名文件的写法不符合规定格式")
    return envelope


def write_detached(signature: Signature) -> str:
    """``protected..signature``: the compact form without its payload (appendix F)."""
    return f"{signature.protected}..{base64url.encode(signature.value)}"


def read_detached(text: str) -> Signature:
    """The signature of a detached compact form; raises ``MalformedSignature`` or ``AlgorithmRefused``."""
    match = _DETACHED.match(text)
    if match is None:
        raise MalformedSignature("不是规定格式的分离签名")
    try:
        return _signature(match[1], match[2])
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedSignature("不是规定格式的分离签名") from error


def _envelope(document: object) -> Envelope:
    members = _members(document, {"payload", "signatures"})
    entries = members["signatures"]
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_SIGNATURES:
        raise ValueError("between one and four signatures")
    parts = [_members(entry, {"protected", "signature"}) for entry in entries]
    signatures = tuple(_signature(_string(part["protected"]), _string(part["signature"])) for part in parts)
    return Envelope(base64url.decode(_string(members["payload"])), signatures)


def _signature(protected: str, value: str) -> Signature:
    if len(protected) > _MAX_HEADER_CHARACTERS:
        raise ValueError("header too long")
    return Signature(protected, *_header(protected), base64url.decode(value))


# A party's messages all carry the same header: a third of the time of taking one in went into reading it again.
@lru_cache(maxsize=_HEADERS_KEPT)
def _header(protected: str) -> tuple[str, str, str]:
    """Algorithm, key id and type; what raises is not kept."""
    header = _members(json_text.read(base64url.decode(protected)), {"alg", "kid", "typ"})
    algorithm, kid, typ = (_string(header[name]) for name in ("alg", "kid", "typ"))
    if algorithm not in ALGORITHMS:
        raise AlgorithmRefused("不接受该签名算法")
    if not _KID.match(kid):
        raise ValueError("not a key id")
    return algorithm, kid, typ


def _members(value: object, names: set[str]) -> dict[str, object]:
    if not isinstance(value, dict) or value.keys() != names:
        raise ValueError(f"an object of {sorted(names)} is wanted")
    return value


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is wanted")
    return value
