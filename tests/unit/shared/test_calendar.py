from datetime import date

import pytest

from shared.calendar import WorkingDays, Year
from stack.statutory_days import TABLE, statutory_days

CALENDAR = WorkingDays()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2025, 9, 26), 1, date(2025, 9, 28)),  # the Sunday before National Day is worked
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 9, 26), 10, date(2025, 10, 16)),  # Saturday the 11th is worked
        (date(2025, 3, 3), 5, date(2025, 3, 10)),
        (date(2025, 3, 8), 1, date(2025, 3, 10)),
    ],
)
def test_counts_working_days_without_the_first(start: date, days: int, due: date) -> None:
    outcome = CALENDAR.due(start, days)
    assert outcome.on == due
    assert len(outcome.counted) == days
    assert not outcome.is_provisional


def test_says_which_days_were_skipped_and_why() -> None:
    outcome = CALENDAR.due(date(2025, 9, 30), 1)
    assert {day.on.day: day.why for day in outcome.skipped} == {
        1: "statutory", 2: "statutory", 3: "statutory", 4: "weekend", 5: "weekend", 6: "statutory", 7: "exchanged",
        8: "exchanged",
    }  # fmt: skip


def test_counts_unpublished_years_provisionally_and_for_good_once_loaded() -> None:
    start = date(2090, 12, 29)
    assert CALENDAR.due(start, 5).is_provisional
    assert not CALENDAR.is_working_day(date(2091, 1, 1))
    loaded = WorkingDays(
        {
            year: Year(frozenset({date(year, 1, 1), date(year, 1, 2)}), frozenset({date(year, 1, 6)}))
            for year in (2090, 2091)
        }
    )
    outcome = loaded.due(start, 5)
    assert not outcome.is_provisional
    assert loaded.is_working_day(date(2091, 1, 6))
    assert not loaded.is_working_day(date(2091, 1, 2))


@pytest.mark.parametrize("days", [0, 367])
def test_bounds_the_count(days: int) -> None:
    with pytest.raises(ValueError, match="between"):
        CALENDAR.due(date(2025, 1, 1), days)


def test_knows_the_statutory_days_that_the_maintained_library_gives() -> None:
    assert TABLE.read_text(encoding="ascii") == statutory_days(), "run: python -m stack.statutory_days"
