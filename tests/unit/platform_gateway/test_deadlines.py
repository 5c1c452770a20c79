"""The clocks of a transfer, from the table of cases; and that no deadline falls on a day off."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_gateway.domain.deadlines import start
from shared.calendar import WorkingDays
from shared.registry.calendar_year import working_days
from shared.registry.policy.effective import PolicyNotInForce
from shared.registry.policy.readings import READINGS
from shared.time_limits import (
    ClockKind,
    TimeLimit,
    Transfer,
    policies_of_paper,
    policies_on,
    required_limit,
    starts_anew,
    time_limit,
)
from tests.case_tables import Case, each_line, like, read_cases, words_of
from tests.unit.platform_gateway.deadline_cases import WARN_SHARE, decide, registry, year_2027
from tests.unit.shared.registry.policy.shipped import DAY

_DECIDED = ("days", "due", "warn", "skipped", "readings", "articles")
_COLUMNS = ("case", "areas", "schemes", "clock", "from", "calendar", *_DECIDED)
CASES = read_cases(
    "deadlines.txt",
    _COLUMNS,
    {
        "areas": like(r"\d{6}>\d{6}"),
        "schemes": like(r"\d{3}>\d{3}"),
        "clock": ClockKind,
        "from": date.fromisoformat,
        "calendar": like("-|2027"),
        "due": like(r"-|\d{4}-\d\d-\d\d\??"),
        "readings": words_of(READINGS),
    },
)
JINAN_TO_QINGDAO = Transfer("370100", "370200", "310", "310")


@pytest.mark.parametrize("case", each_line(CASES))
def test_deadlines(case: Case) -> None:
    assert decide(case) == tuple(case[column] for column in _DECIDED)


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 25


_DAYS = st.dates(date(2004, 1, 1), date(2029, 12, 31))
_CALENDARS = st.sampled_from([WorkingDays(), working_days([year_2027()])])


@pytest.mark.law("N8", "N9-1")
@settings(deadline=None)  # the first look at a year is slow
@given(_DAYS, st.integers(1, 60), _CALENDARS)
def test_a_deadline_never_falls_on_a_day_off(started_on: date, days: int, calendar: WorkingDays) -> None:
    clock = start(TimeLimit(ClockKind.OUTBOUND, days, "N8"), started_on, calendar, WARN_SHARE)
    assert calendar.is_working_day(clock.due_on)
    assert calendar.is_working_day(clock.warn_on)
    assert started_on < clock.warn_on <= clock.due_on
    between = (clock.due_on - started_on).days
    assert between == days + len(clock.skipped)
    assert not any(calendar.is_working_day(day) for day in clock.skipped)


def test_a_return_starts_clocks_unless_the_inbounds_region_reads_it_otherwise() -> None:
    policies = policies_on(registry(), JINAN_TO_QINGDAO, DAY)
    assert starts_anew(policies)
    version = {"valid_from": "2026-01-01", "sources": ["通知"], "readings": {"returned-sheet-clock": "clock-runs-on"}}
    city = {"region": "370200", "name": "青岛市", "inherits": "370000", "versions": [version]}
    assert not starts_anew(policies_on(registry().trying(city), JINAN_TO_QINGDAO, DAY))


def test_a_region_may_read_n8_as_setting_no_term_for_the_payment() -> None:
    version = {"valid_from": "2026-01-01", "sources": ["通知"], "readings": {"payment-term": "not-watched"}}
    city = {"region": "370100", "name": "济南市", "inherits": "370000", "versions": [version]}
    assert time_limit(ClockKind.PAYMENT, policies_on(registry().trying(city), JINAN_TO_QINGDAO, DAY)) is None


def test_refuses_to_guess_before_any_limit_was_in_force() -> None:
    with pytest.raises(PolicyNotInForce):
        policies_on(registry(), JINAN_TO_QINGDAO, date(2021, 11, 30) - timedelta(days=1))


@pytest.mark.parametrize(("accepted_on", "days"), [("2026-06-30", 6), ("2026-07-01", 10), ("2021-11-30", 10)])
def test_a_case_on_paper_has_the_days_of_its_acceptance_or_todays(accepted_on: str, days: int) -> None:
    resident, today = Transfer("370200", "370100", "390", "390"), date(2026, 7, 2)
    policies = policies_of_paper(registry(), resident, date.fromisoformat(accepted_on), today)
    assert required_limit(ClockKind.OUTBOUND, policies).days == days
