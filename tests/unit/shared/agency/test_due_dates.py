"""An agency counts its due dates as the platform does."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_gateway.domain.deadlines import start
from shared.agency.due_dates import CountedDates, StageClock, count_dates
from shared.calendar import WARN_SHARE, WorkingDays
from shared.registry.calendar_year import working_days
from shared.time_limits import ClockKind, TimeLimit
from tests.unit.platform_gateway.deadline_cases import year_2027


@pytest.mark.law("N8", "N9-1")
@settings(deadline=None)  # the first look at a year is slow
@given(st.dates(date(2025, 1, 1), date(2028, 6, 1)), st.integers(1, 30), st.booleans())
def test_counts_what_the_platform_counts(started_on: date, days: int, is_loaded: bool) -> None:
    calendar = working_days([year_2027()]) if is_loaded else WorkingDays()
    there = start(TimeLimit(ClockKind.OUTBOUND, days, "N8"), started_on, calendar, WARN_SHARE)
    here = count_dates(StageClock("A", started_on, days, started_on, None), calendar)
    assert here == CountedDates("A", there.due_on, there.warn_on, None, there.is_provisional)


def test_a_provisional_total_alone_is_provisional() -> None:
    clock = StageClock("A", date(2026, 12, 21), 5, date(2026, 12, 18), 15)
    guessed = count_dates(clock, WorkingDays())
    assert (guessed.due_on, guessed.total_due_on) == (date(2026, 12, 28), date(2027, 1, 11))
    assert guessed.is_due_provisional
    firm = count_dates(clock, working_days([year_2027()]))
    assert (firm.total_due_on, firm.is_due_provisional) == (date(2027, 1, 9), False)


def test_a_stage_that_has_not_begun_has_no_dates() -> None:
    counted = count_dates(StageClock("A", None, None, date(2026, 12, 18), 15), WorkingDays())
    assert (counted.due_on, counted.warn_on, counted.total_due_on) == (None, None, date(2027, 1, 11))
