"""Working days in China: weekends, statutory days and 调休, with dates beyond the published years provisional."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import chinese_calendar
import holidays

from shared.errors import InvalidInput

_MAX_DAYS = 366


class CalendarFileInvalid(InvalidInput):
    """A year file does not read as ``[YYYY] holidays = [dates] workdays = [dates]``."""

    code = "calendar-file-invalid"


@dataclass(frozen=True, slots=True)
class Year:
    """What a published year says beside the plain weekends: days off, and weekend days that are worked."""

    holidays: frozenset[date]
    workdays: frozenset[date]


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that did not count, and why: ``weekend`` or ``holiday``."""

    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """The outcome of counting: the last day (Asia/Shanghai), whether a year used is not published yet, the days."""

    on: date
    is_provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[SkippedDay, ...]


class WorkingDays:
    """The calendar of ``chinesecalendar`` with an operator's own years over it."""

    def __init__(self, years: Mapping[int, Year] | None = None) -> None:
        self._years: dict[int, Year] = dict(years) if years else {}

    @classmethod
    def load(cls, files: Iterable[Path] = ()) -> "WorkingDays":
        """With the years of TOML ``files``; raises ``CalendarFileInvalid``."""
        years: dict[int, Year] = {}
        for file in files:
            years.update(_read(file))
        return cls(years)

    def is_working_day(self, day: date) -> bool:
        """Whether agencies work on ``day``; a guess where ``is_published`` is false."""
        year = self._years.get(day.year)
        if year is not None:
            return day in year.workdays or (day.weekday() < 5 and day not in year.holidays)
        if self.is_published(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5 and day not in _statutory_days(day.year)

    def is_published(self, year: int) -> bool:
        """Whether the State Council's arrangement for ``year`` is known here."""
        return year in _published_years() or year in self._years

    def due(self, start: date, days: int) -> Due:
        """The ``days``-th working day after ``start``, which itself does not count (民法典 201, by analogy).

        Raises ``ValueError`` unless 1 ≤ ``days`` ≤ 366.
        """
        if not 1 <= days <= _MAX_DAYS:
            raise ValueError("days must be between 1 and 366")
        counted: list[date] = []
        skipped: list[SkippedDay] = []
        day = start
        while len(counted) < days:
            day += timedelta(days=1)
            if self.is_working_day(day):
                counted.append(day)
            else:
                skipped.append(SkippedDay(day, "weekend" if day.weekday() >= 5 else "holiday"))
        is_provisional = not all(self.is_published(year) for year in range(start.year, day.year + 1))
        return Due(day, is_provisional, tuple(counted), tuple(skipped))


def _read(file: Path) -> dict[int, Year]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return {int(year): _year(int(year), entry) for year, entry in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CalendarFileInvalid(f"节假日文件 {file.name} 格式不正确") from error


def _year(year: int, entry: Mapping[str, Collection[object]]) -> Year:
    return Year(_days_of(year, entry["holidays"]), _days_of(year, entry["workdays"]))


def _days_of(year: int, days: Collection[object]) -> frozenset[date]:
    dates = frozenset(day for day in days if type(day) is date and day.year == year)
    if len(dates) != len(days):
        raise ValueError("every day must be a date of its year, once")
    return dates


@lru_cache(maxsize=16)
def _statutory_days(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("CN", years=year, observed=False))


@lru_cache(maxsize=1)
def _published_years() -> frozenset[int]:
    return frozenset(day.year for day in chinese_calendar.constants.holidays)
