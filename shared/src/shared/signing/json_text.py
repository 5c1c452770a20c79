"""JSON as it is signed and as it is read back."""

import json
from collections.abc import Sequence


def canonical(value: object) -> bytes:
    """The bytes that are signed: sorted names, no blanks, UTF-8.

    For ASCII names and integers this is RFC 8785. It is made once, when signing; a verifier never makes it again.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def read(text: str | bytes) -> object:
    """The value of ``text``; raises ``ValueError`` where it is no JSON, names a member twice, or nests absurdly."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
