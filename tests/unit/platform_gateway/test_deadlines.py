"""Clocks in working days; dates around the 2026 Spring Festival and National Day, and into a year not published."""

from datetime import date
from pathlib import Path

import pytest

from platform_gateway.domain.deadlines import ClockKind, Reach, TimeLimit, limit_for, start
from platform_gateway.domain.time_limits import SHANDONG, SHIPPED_LIMITS
from shared.calendar import WorkingDays

CALENDAR = WorkingDays.load()
SICHUAN, BEIJING = "510000", "110000"


@pytest.mark.parametrize(
    ("provinces", "accepted_on", "days"),
    [
        ((SICHUAN, BEIJING), date(2026, 3, 2), (10, 5, None)),
        ((SICHUAN, SICHUAN), date(2026, 3, 2), (10, 5, None)),
        ((SHANDONG, SICHUAN), date(2026, 3, 2), (10, 5, 15)),
        ((SICHUAN, SHANDONG), date(2026, 3, 2), (10, 5, 15)),
        ((SHANDONG, SHANDONG), date(2026, 3, 2), (6, 3, 9)),
        ((SHANDONG, SHANDONG), date(2022, 3, 31), (10, 5, None)),
        ((SHANDONG, SHANDONG), date(2022, 4, 1), (6, 3, 9)),
    ],
)
def test_limits(provinces: tuple[str, str], accepted_on: date, days: tuple[int, int, int | None]) -> None:
    limit = limit_for(SHIPPED_LIMITS, *provinces, accepted_on)
    assert (limit.outbound_days, limit.inbound_days, limit.total_days) == days


def test_a_later_limit_of_the_same_province_replaces_the_earlier_from_its_day_on() -> None:
    faster = TimeLimit("地方规定", date(2026, 7, 1), 4, 2, 6, province=SHANDONG, reach=Reach.WITHIN)
    limits = (*SHIPPED_LIMITS, faster)
    assert limit_for(limits, SHANDONG, SHANDONG, date(2026, 6, 30)).total_days == 9
    assert limit_for(limits, SHANDONG, SHANDONG, date(2026, 7, 1)).total_days == 6


def test_refuses_to_guess_before_any_limit_was_in_force() -> None:
    with pytest.raises(ValueError, match="no time limit"):
        limit_for(SHIPPED_LIMITS, SICHUAN, BEIJING, date(2021, 11, 30))


@pytest.mark.parametrize(
    ("kind", "started_on", "due_on", "warn_on"),
    [
        (ClockKind.OUTBOUND, date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 12)),
        (ClockKind.INBOUND, date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 6)),
        (ClockKind.TOTAL, date(2026, 3, 2), date(2026, 3, 23), date(2026, 3, 18)),
        # 2026-02-14 is a worked Saturday, 15 to 23 February are the Spring Festival.
        (ClockKind.INBOUND, date(2026, 2, 12), date(2026, 2, 26), date(2026, 2, 25)),
    ],
)
def test_due_dates(kind: ClockKind, started_on: date, due_on: date, warn_on: date) -> None:
    limit = limit_for(SHIPPED_LIMITS, SHANDONG, SICHUAN, date(2026, 3, 2))
    clock = start(kind, limit, started_on, CALENDAR, 0.8)
    assert clock is not None
    assert (clock.due_on, clock.warn_on, clock.is_provisional) == (due_on, warn_on, False)


def test_no_total_where_no_text_sets_one() -> None:
    limit = limit_for(SHIPPED_LIMITS, SICHUAN, BEIJING, date(2026, 3, 2))
    assert start(ClockKind.TOTAL, limit, date(2026, 3, 2), CALENDAR, 0.8) is None


def test_a_year_not_published_is_provisional_and_firm_once_loaded(tmp_path: Path) -> None:
    limit = limit_for(SHIPPED_LIMITS, SICHUAN, BEIJING, date(2026, 3, 2))
    guessed = start(ClockKind.INBOUND, limit, date(2039, 12, 28), CALENDAR, 0.8)
    year_files = []
    for year in (2039, 2040):
        file = tmp_path / f"{year}.toml"
        file.write_text(f"[{year}]\nholidays = [{year}-01-02, {year}-01-03]\nworkdays = []\n", encoding="utf-8")
        year_files.append(file)
    counted = start(ClockKind.INBOUND, limit, date(2039, 12, 28), WorkingDays.load(year_files), 0.8)
    assert guessed is not None
    assert guessed.is_provisional
    assert counted is not None
    assert not counted.is_provisional
    assert date(2040, 1, 3) in counted.skipped
