"""How long something has stood open, in brackets of calendar days."""

from dataclasses import dataclass
from datetime import date

from shared.law import design


@dataclass(frozen=True, slots=True)
class AgeBracket:
    """From ``first`` to ``last`` days, both counted; ``last`` is ``None`` for the open end."""

    code: str
    name: str
    first: int
    last: int | None


AGE_BRACKETS = (
    AgeBracket("d0_3", "3 天以内", 0, 3),
    AgeBracket("d4_7", "4 至 7 天", 4, 7),
    AgeBracket("d8_15", "8 至 15 天", 8, 15),
    AgeBracket("d16_30", "16 至 30 天", 16, 30),
    AgeBracket("d31", "30 天以上", 31, None),
)
FIRST_DAYS = tuple(bracket.first for bracket in AGE_BRACKETS)
"""For ``width_bucket`` in SQL: its answer is the place of the bracket, counted from 1."""


def age_in_days(since: date, on: date) -> int:
    """Calendar days from ``since`` to ``on``; what begins later is of age 0."""
    return max((on - since).days, 0)


@design("open items are shown by age in brackets of calendar days")
def bracket_of(days: int) -> AgeBracket:
    """The bracket of an age."""
    return next(bracket for bracket in reversed(AGE_BRACKETS) if days >= bracket.first)
