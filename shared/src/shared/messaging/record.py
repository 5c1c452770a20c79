"""One record on a topic, and what its headers carry."""

import hashlib
import re
from dataclasses import dataclass

from shared.messaging.envelope import CONTENT_TYPE

SIGNATURE_HEADER = "jws"
TRACE_HEADER = "traceparent"
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\Z")
_MAX_SIGNATURE = 2000

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Record:
    """``key`` is the case number, or ``None``; ``signature`` the detached JWS over ``value``, "" when missing."""

    topic: str
    key: str | None
    value: bytes
    signature: str
    traceparent: str | None = None

    @property
    def digest(self) -> bytes:
        """Tells this record from any other one."""
        return hashlib.sha256(self.value + b"\0" + self.signature.encode()).digest()

    def headers(self) -> Headers:
        """Only the trace stands outside the signature."""
        headers = [("content-type", CONTENT_TYPE.encode()), (SIGNATURE_HEADER, self.signature.encode())]
        return headers if self.traceparent is None else [*headers, (TRACE_HEADER, self.traceparent.encode())]


def read_record(topic: str, value: bytes | None, headers: list[tuple[str, bytes | None]] | tuple[()]) -> Record:
    """A record as it came, whatever it holds: nothing here is trusted, and everything can be stored."""
    found = {name: content or b"" for name, content in headers}
    signature = found.get(SIGNATURE_HEADER, b"")[:_MAX_SIGNATURE].decode("ascii", "replace").replace("\0", "?")
    traceparent = found.get(TRACE_HEADER, b"").decode("ascii", "replace")
    return Record(topic, None, value or b"", signature, traceparent if _TRACEPARENT.match(traceparent) else None)
