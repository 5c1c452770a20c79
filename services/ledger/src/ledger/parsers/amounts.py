"""Amounts, dates and text as banks write them."""

import re
import unicodedata
from datetime import date, datetime

_AMOUNT = re.compile(r"^([+-]?)([0-9]{1,13})(?:\.([0-9]{1,5}))?$")
_DATE = re.compile(r"^([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?:[ T].*)?$")
_COMPACT = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:[ 0-9:]*)$")
_PADDING = re.compile(r'^="?(.*?)"?$')
MAX_TEXT = 500


def read_fen(text: str) -> int:
    """Signed fen of ``1,234.56``, ``+5``, ``-0.5``; raises ``ValueError`` for more than two places or no number."""
    match = _AMOUNT.match(text.replace(",", ""))
    if match is None:
        raise ValueError("not an amount")
    sign, yuan, places = match[1], match[2], (match[3] or "").rstrip("0")
    if len(places) > 2:
        raise ValueError("more than two places")
    fen = int(yuan) * 100 + int(places.ljust(2, "0"))
    return -fen if sign == "-" else fen


def read_date(text: str) -> date:
    """The date of ``20260302``, ``2026-03-02``, ``2026/3/2``, with or without a time; raises ``ValueError``."""
    match = _COMPACT.match(text) or _DATE.match(text)
    if match is None:
        raise ValueError("not a date")
    return date(int(match[1]), int(match[2]), int(match[3]))


def read_iso_date(text: str) -> date:
    """The date of an ISO 20022 ``Dt`` or ``DtTm`` as the bank states it; raises ``ValueError``."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).date()


def clean_cell(text: str) -> str:
    """A CSV cell without padding, ``=""`` and full-width forms of digits and brackets."""
    padded = _PADDING.match(text.strip()) if text.lstrip().startswith("=") else None
    return unicodedata.normalize("NFKC", padded[1] if padded else text).strip()


def clean_account(text: str) -> str:
    """An account number without spaces and dashes."""
    return re.sub(r"[\s-]", "", clean_cell(text))


def short(text: str | None) -> str | None:
    """Free text bounded and without NUL (which PostgreSQL cannot keep); empty becomes ``None``."""
    cleaned = (text or "").replace("\x00", "").strip()[:MAX_TEXT]
    return cleaned or None
