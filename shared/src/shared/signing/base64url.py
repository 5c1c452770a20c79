"""Base64url without padding (RFC 7515 §2), read strictly: one text for one sequence of bytes."""

import base64
import binascii
import re

_ALPHABET = re.compile(r"\A[A-Za-z0-9_-]*\Z")


def encode(data: bytes) -> str:
    """The base64url text of ``data``, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of ``text``; raises ``ValueError`` for padding, other characters, or unused bits that are set."""
    if not _ALPHABET.match(text):
        raise ValueError("not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    # Unused bits of the last character would let a changed text stand for the same bytes.
    if encode(data) != text:
        raise ValueError("not canonical base64url")
    return data
