"""A year of the State Council's holiday arrangement, as an operator loads it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import Field

from shared.calendar import WorkingDays, Year, statutory_days
from shared.contracts.model import Document, Message
from shared.errors import FieldError, InvalidInput

_MOST_DAYS = 60


class YearDays(Document):
    """``holidays``: days off beside plain weekends (which may be named too); ``workdays``: weekends worked (调休)."""

    holidays: tuple[date, ...] = Field(max_length=_MOST_DAYS)
    workdays: tuple[date, ...] = Field(default=(), max_length=_MOST_DAYS)


class CalendarYear(Message):
    """One year's days, as the registry carries them."""

    year: int = Field(ge=2004, le=2100)
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]


class CalendarRefused(InvalidInput):
    """The year is refused as a whole; what was known of it stays."""

    code = "calendar-refused"


def check_year(year: int, days: YearDays) -> CalendarYear:
    """The year that ``days`` say; raises ``CalendarRefused`` with all that is wrong, by pointer."""
    errors = [*_wrong(year, "holidays", days.holidays), *_wrong(year, "workdays", days.workdays)]
    errors += [
        FieldError(f"/workdays/{index}", "is-no-weekend", f"{day}本来就是工作日，不是调休上班日")
        for index, day in enumerate(days.workdays)
        if day.weekday() < 5
    ]
    errors += [
        FieldError(f"/workdays/{index}", "is-day-off", f"{day}同时列为放假")
        for index, day in enumerate(days.workdays)
        if day in days.holidays
    ]
    # A list without every festival, those of the moon as well, is not a whole year's.
    missing = sorted(statutory_days(year) - {*days.holidays})
    errors += [FieldError("/holidays", "statutory-day-missing", f"缺少法定节日{day}") for day in missing]
    if errors:
        raise CalendarRefused(f"{year}年的放假安排未载入，现行安排不变。", errors=errors)
    return CalendarYear(year=year, holidays=tuple(sorted(days.holidays)), workdays=tuple(sorted(days.workdays)))


def working_days(years: Iterable[CalendarYear]) -> WorkingDays:
    """The calendar with ``years`` over what it knows by itself."""
    return WorkingDays({each.year: Year(frozenset(each.holidays), frozenset(each.workdays)) for each in years})


def _wrong(year: int, field: str, days: tuple[date, ...]) -> Iterator[FieldError]:
    times = Counter(days)
    for index, day in enumerate(days):
        if day.year != year:
            yield FieldError(f"/{field}/{index}", "other-year", f"{day}不在{year}年")
        elif times[day] > 1:
            yield FieldError(f"/{field}/{index}", "twice", f"{day}重复")
