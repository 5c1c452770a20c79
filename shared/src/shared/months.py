"""Calendar months as the data dictionary writes them: ``YYYYMM``. Such strings sort as the months do."""

from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints

MONTH_PATTERN = r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])$"
YearMonth = Annotated[str, StringConstraints(pattern=MONTH_PATTERN)]


_FIRST = 1900 * 12
"""``month_index`` of the first month that ``YearMonth`` allows."""
_MONTHS_KEPT = 4096
"""More than ``YearMonth`` allows: a person's records name the same few hundred again and again."""


@lru_cache(maxsize=_MONTHS_KEPT)
def month_index(month: str) -> int:
    """Months since year 0, for arithmetic: ``month_index("202402") - month_index("202401") == 1``."""
    return int(month[:4]) * 12 + int(month[4:]) - 1


@lru_cache(maxsize=_MONTHS_KEPT)
def month_at(index: int) -> str:
    """The ``YYYYMM`` of a ``month_index``."""
    year, month = divmod(index, 12)
    return f"{year:04d}{month + 1:02d}"


def month_of(day: date) -> str:
    """The ``YYYYMM`` that ``day`` lies in."""
    return f"{day.year:04d}{day.month:02d}"


def inclusive_span(begin: str, end: str) -> int:
    """How many months ``begin`` to ``end`` cover, both counted; 0 or less when ``end`` is before ``begin``."""
    return month_index(end) - month_index(begin) + 1


def month_set(begin: str, end: str) -> int:
    """The months ``begin`` to ``end`` as a set that is cheap to unite and compare: one bit a month, 0 for none.

    ``|`` unites, ``&`` intersects, ``bit_count()`` counts; ``months_of_set`` lists them.
    """
    span = inclusive_span(begin, end)
    return ((1 << span) - 1) << (month_index(begin) - _FIRST) if span > 0 else 0


def months_of_set(months: int) -> tuple[str, str]:
    """The first and the last month of a ``month_set`` that is not empty."""
    return month_at((months & -months).bit_length() - 1 + _FIRST), month_at(months.bit_length() - 1 + _FIRST)
