"""Certificate numbers never reach a log line, a metric or a problem, whoever wrote the text."""

import re
from typing import Any

MASK = "[masked]"

# Bounded by digits only: in an escaped text such as ``\n3701...`` the neighbour is a letter.
_CERTIFICATE_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXxＸｘ]|\d{15})(?!\d)")
_MAX_DEPTH = 6


def mask_text(text: str) -> str:
    """``text`` with everything that looks like an 18- or 15-digit certificate number replaced."""
    return _CERTIFICATE_NUMBER.sub(MASK, text)


def mask_value(value: Any, depth: int = 0) -> Any:
    """``value`` with every string and number in it masked, keys included; other objects become masked text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, int):
        return MASK if _CERTIFICATE_NUMBER.search(str(value)) else value
    if depth >= _MAX_DEPTH:
        return mask_text(str(value))
    if isinstance(value, dict):
        return {mask_text(str(key)): mask_value(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value(item, depth + 1) for item in value]
    return mask_text(str(value))
