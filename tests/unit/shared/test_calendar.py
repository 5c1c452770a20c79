from datetime import date
from pathlib import Path

import pytest

from shared.calendar import CalendarFileInvalid, WorkingDays

CALENDAR = WorkingDays.load()


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
        1: "holiday", 2: "holiday", 3: "holiday", 4: "weekend", 5: "weekend", 6: "holiday", 7: "holiday", 8: "holiday",
    }  # fmt: skip


def test_counts_unpublished_years_provisionally_and_for_good_once_loaded(tmp_path: Path) -> None:
    start = date(2090, 12, 29)
    assert CALENDAR.due(start, 5).is_provisional
    assert not CALENDAR.is_working_day(date(2091, 1, 1))
    for year in (2090, 2091):
        (tmp_path / f"{year}.toml").write_text(
            f"[{year}]\nholidays = [{year}-01-01, {year}-01-02]\nworkdays = [{year}-01-06]\n"
        )
    loaded = WorkingDays.load(sorted(tmp_path.iterdir()))
    outcome = loaded.due(start, 5)
    assert not outcome.is_provisional
    assert loaded.is_working_day(date(2091, 1, 6))
    assert not loaded.is_working_day(date(2091, 1, 2))


@pytest.mark.parametrize(
    "content",
    ["[2090]\nholidays = 3\nworkdays = []", "[2090]\nworkdays = []", "x", "[2090]\nholidays=[2091-01-01]\nworkdays=[]"],
)
def test_refuses_a_file_that_says_something_else(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.toml").write_text(content)
    with pytest.raises(CalendarFileInvalid):
        WorkingDays.load([tmp_path / "bad.toml"])


@pytest.mark.parametrize("days", [0, 367])
def test_bounds_the_count(days: int) -> None:
    with pytest.raises(ValueError, match="between"):
        CALENDAR.due(date(2025, 1, 1), days)
