"""Amounts, dates and text as banks write them."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache

from shared.clock import SHANGHAI, local_date
from shared.days import is_real

_AMOUNT = re.compile(r"^([+-]?)([0-9]{1,15})(?:\.([0-9]{1,5}))?$")
_GROUPED = re.compile(r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$")
_DATE = re.compile(
    r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?:日|日?[ T].*|日[0-9].*|-[0-9]{2}\.[0-9]{2}\..*)?$"
)
_COMPACT = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:[ T]?[0-9:]*)$")
_YEAR_LAST = re.compile(r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?:[ T].*)?$")
_TIMES = (
    re.compile(r"^(?:[0-9]{8}[ T]?)?([0-9]{2})([0-9]{2})([0-9]{2})$"),
    re.compile(r"(?:^|[ T日])([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"),
    re.compile(r"-([0-9]{2})\.([0-9]{2})\.([0-9]{2})"),
)
_ISO_DATE = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?$")
_END_OF_DAY = re.compile(r"T24:00(?::00(?:\.0+)?)?")
_PADDING = re.compile(r'^="?(.*?)"?$')
_NOT_IN_ACCOUNTS = re.compile(r"[\s\x00-]")
_BETWEEN = "\x1f"
MAX_TEXT = 500
_DAYS = 1024


def read_fen(text: str) -> int:
    """Signed fen of ``1,234.56``, ``+5``, ``-0.5``.

    Commas only between thousands: 12,50 must not become 1250. Raises ``ValueError`` for more than two places or no
    number.
    """
    return read_plain_fen(text.replace(",", "") if "," in text and _GROUPED.match(text) else text)


def read_plain_fen(text: str) -> int:
    """Signed fen of a decimal without separators, as XML has it; raises ``ValueError``."""
    # Most amounts are plain digits with two places: a third of the time.
    if text[-3:-2] == "." and text.isascii() and (digits := text[:-3] + text[-2:]).isdigit() and len(digits) < 18:
        return int(digits)
    match = _AMOUNT.match(text)
    if match is None:
        raise ValueError("not an amount")
    sign, yuan, places = match[1], match[2], (match[3] or "").rstrip("0")
    if len(places) > 2:
        raise ValueError("more than two places")
    fen = int(yuan) * 100 + int(places.ljust(2, "0"))
    return -fen if sign == "-" else fen


@lru_cache(maxsize=_DAYS)
def read_date(text: str, order: str = "ymd") -> date:
    """The date of ``20260302``, ``2026-03-02``, ``2026/3/2``, with or without a time; raises ``ValueError``.

    ``order`` (``dmy``, ``mdy``) is that of dates whose year stands last, such as ``02/03/2026``.
    """
    match = _COMPACT.match(text) or _DATE.match(text)
    if match is not None:
        return _real(date(int(match[1]), int(match[2]), int(match[3])))
    last = None if order == "ymd" else _YEAR_LAST.match(text)
    if last is None:
        raise ValueError("not a date")
    day, month = (last[1], last[2]) if order == "dmy" else (last[2], last[1])
    return _real(date(int(last[3]), int(month), int(day)))


def read_time(text: str) -> time | None:
    """The time of day in ``10:20:30``, ``2026-03-02 10:20``, ``20260302102030`` or ``102030``, if one stands there."""
    match = next((found for form in _TIMES if (found := form.search(text))), None)
    if match is None:
        return None
    hour, minute, second = map(int, match.groups("0"))
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


@lru_cache(maxsize=_DAYS)
def read_iso_date(text: str) -> date:
    """The day of an ISO 20022 ``Dt`` or ``DtTm``; raises ``ValueError``.

    An instant with an offset falls on its day in Asia/Shanghai; without one it is the bank's own local time. 24:00 is
    the end of the day that it is written with.
    """
    plain = _ISO_DATE.match(text)
    if plain is not None:
        return _real(date.fromisoformat(plain[1]))
    instant = datetime.fromisoformat(_END_OF_DAY.sub("T23:59:59", text))
    if not is_real(instant.date()):
        raise ValueError("no real day")
    return instant.date() if instant.tzinfo is None else local_date(instant)


def _real(day: date) -> date:
    if not is_real(day):
        raise ValueError("no real day")
    return day


def ends_at_midnight(text: str) -> bool:
    """Whether an ISO 20022 ``DtTm`` is the first moment of the day that it falls on, as where a period ends before it.

    With an offset that is midnight in Asia/Shanghai, as ``read_iso_date`` has the day.
    """
    try:
        instant = datetime.fromisoformat(_END_OF_DAY.sub("T23:59:59", text))
    except ValueError:
        return False
    if instant.tzinfo is not None:
        instant = instant.astimezone(SHANGHAI)
    return len(text) > len("2026-03-02") and (instant.hour, instant.minute, instant.second) == (0, 0, 0)


def clean_cell(text: str) -> str:
    """A CSV cell without padding, ``=""`` and full-width forms of digits and brackets."""
    text = text.strip()
    padded = _PADDING.match(text) if text.startswith("=") else None
    text = padded[1].strip() if padded else text
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def clean_cells(cells: Sequence[str]) -> list[str]:
    """Every cell as ``clean_cell`` has it, all in one go: of a row that is a third of the work."""
    joined = _BETWEEN.join(cells)
    if not joined.isascii():
        # Nothing is composed with what stands beyond a control character.
        joined = unicodedata.normalize("NFKC", joined)
    folded = joined.split(_BETWEEN)
    if len(folded) != len(cells):
        return [clean_cell(cell) for cell in cells]
    if "=" in joined:
        return [clean_cell(cell) if "=" in cell else text.strip() for cell, text in zip(cells, folded, strict=True)]
    return list(map(str.strip, folded))


@lru_cache(maxsize=1024)
def clean_account(text: str) -> str:
    """An account number without spaces, dashes and NUL (which PostgreSQL cannot keep)."""
    return _NOT_IN_ACCOUNTS.sub("", clean_cell(text))


def short(text: str | None) -> str | None:
    """Free text bounded and without NUL (which PostgreSQL cannot keep); empty becomes ``None``."""
    if not text:
        return None
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.strip()[:MAX_TEXT] or None
