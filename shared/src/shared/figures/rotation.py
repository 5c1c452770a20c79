"""Which part of all cases a day's report goes through, beside those that something happened to."""

from dataclasses import dataclass
from datetime import date

from shared.law import design

FIRST_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Case numbers are random, so that those beginning with one character are a fair share, in one range of an index."""


@dataclass(frozen=True, slots=True)
class CaseRange:
    """Case numbers from ``low`` up to, not including, ``high`` (``None``: to the end)."""

    low: str
    high: str | None


@design("every case is compared anew in a fixed number of days, whatever happened to it")
def range_of(day: date, days: int) -> CaseRange:
    """The range of ``day``: all cases are gone through once in ``days`` days (1 to 32)."""
    turn, count = day.toordinal() % days, len(FIRST_CHARACTERS)
    first, last = turn * count // days, (turn + 1) * count // days
    low = FIRST_CHARACTERS[first] if first else ""
    return CaseRange(low, FIRST_CHARACTERS[last] if last < count else None)
