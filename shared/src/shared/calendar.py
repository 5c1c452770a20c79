"""Working days in China: weekends, statutory days and 调休, with dates beyond the published years provisional."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import chinese_calendar

WARN_SHARE = 0.8
"""Who is late is warned when this share of the working days has passed (a design)."""

_MAX_DAYS = 366
_COUNTED_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Year:
    """What a published year says beside the plain weekends: days off, and weekend days that are worked."""

    holidays: frozenset[date]
    workdays: frozenset[date]


class DayOff(StrEnum):
    """Why nobody works: a plain weekend, a statutory festival, or a weekday given off in exchange (调休)."""

    WEEKEND = "weekend"
    STATUTORY = "statutory"
    EXCHANGED = "exchanged"


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that did not count, and why."""

    on: date
    why: DayOff


@dataclass(frozen=True, slots=True)
class Due:
    """The outcome of counting: the last day (Asia/Shanghai), whether a year used is not published yet, the days."""

    on: date
    is_provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[SkippedDay, ...]

    def reached(self, share: float) -> date:
        """The day on which ``share`` of the working days have passed, the first counted day at the earliest."""
        return self.counted[max(1, math.ceil(len(self.counted) * share)) - 1]


class WorkingDays:
    """The calendar of ``chinesecalendar`` with an operator's own years over it."""

    def __init__(self, years: Mapping[int, Year] | None = None) -> None:
        self._years: dict[int, Year] = dict(years) if years else {}
        # Nearly all clocks of a day begin on it and run equally long; a calendar never changes.
        self._due = lru_cache(maxsize=_COUNTED_KEPT)(self._count)

    def is_working_day(self, day: date) -> bool:
        """Whether agencies work on ``day``; a guess where ``is_published`` is false."""
        year = self._years.get(day.year)
        if year is not None:
            return day in year.workdays or (day.weekday() < 5 and day not in year.holidays)
        if self.is_published(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5 and day not in statutory_days(day.year)

    def is_published(self, year: int) -> bool:
        """Whether the State Council's arrangement for ``year`` is known here."""
        return year in _published_years() or year in self._years

    def due(self, start: date, days: int) -> Due:
        """The ``days``-th working day after ``start``, which itself does not count (民法典 201, by analogy).

        Raises ``ValueError`` unless 1 ≤ ``days`` ≤ 366.
        """
        if not 1 <= days <= _MAX_DAYS:
            raise ValueError("days must be between 1 and 366")
        return self._due(start, days)

    def _count(self, start: date, days: int) -> Due:
        counted: list[date] = []
        skipped: list[SkippedDay] = []
        day = start
        while len(counted) < days:
            day += timedelta(days=1)
            if self.is_working_day(day):
                counted.append(day)
            else:
                skipped.append(SkippedDay(day, why_off(day)))
        is_provisional = not all(self.is_published(year) for year in range(start.year, day.year + 1))
        return Due(day, is_provisional, tuple(counted), tuple(skipped))


def why_off(day: date) -> DayOff:
    """Why a day on which agencies do not work is off; the same for every calendar."""
    if day in statutory_days(day.year):
        return DayOff.STATUTORY
    return DayOff.WEEKEND if day.weekday() >= 5 else DayOff.EXCHANGED


@lru_cache(maxsize=16)
def statutory_days(year: int) -> frozenset[date]:
    """The days off by the State Council's regulation on festivals (国务院《全国年节及纪念日放假办法》)."""
    return frozenset(date.fromisoformat(f"{year}-{day}") for day in _statutory_table().get(year, ()))


@lru_cache(maxsize=1)
def _statutory_table() -> Mapping[int, Sequence[str]]:
    # Written by ``python -m stack.statutory_days``: the library behind it costs a service 10 MB for one country.
    table = files("shared").joinpath("statutory_days.txt").read_text(encoding="ascii")
    lines = (line.split() for line in table.splitlines())
    return {int(year): days for year, *days in lines}


@lru_cache(maxsize=1)
def _published_years() -> frozenset[int]:
    return frozenset(day.year for day in chinese_calendar.constants.holidays)
