"""Days counted in months."""

from calendar import monthrange
from datetime import date, timedelta

from shared.law import design


def first_of(index: int) -> date:
    """The first day of the month of a ``month_index``."""
    year, month = divmod(index, 12)
    return date(year, month + 1, 1)


def last_of(index: int) -> date:
    """The last day of the month of a ``month_index``."""
    return first_of(index + 1) - timedelta(days=1)


def index_of(day: date) -> int:
    """The ``month_index`` of the month that ``day`` lies in."""
    return day.year * 12 + day.month - 1


@design("months after a day end on the same day of the month, or on its last")
def months_after(day: date, months: int) -> date:
    """The last day of ``months`` months that run from ``day``, which itself is not counted (民法典 201, 202)."""
    year, month = divmod(index_of(day) + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
