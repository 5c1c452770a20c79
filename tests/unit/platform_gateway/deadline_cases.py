"""What the table of deadlines is decided by: the shipped policies, a 青岛 that is faster, and a 2027 that is loaded."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from platform_gateway.domain.deadlines import start
from shared.calendar import why_off
from shared.registry.calendar_year import CalendarYear, YearDays, check_year, working_days
from shared.registry.registry import Registry
from shared.time_limits import ClockKind, Transfer, policies_on, time_limit
from tests.unit.shared.registry.policy.shipped import SHIPPED, registry_with

WARN_SHARE = 0.8

_QINGDAO: dict[str, Any] = {
    "region": "370200",
    "name": "青岛市",
    "inherits": "370000",
    "versions": [
        {
            "valid_from": "2026-07-01",
            "sources": ["青岛市的通知"],
            "deadlines": {
                "within_province": {"articles": ["N10"], "outbound_days": 4, "inbound_days": 2, "total_days": 6}
            },
            "readings": {"province-total-scope": "employees-only"},
        }
    ],
}


@lru_cache
def registry() -> Registry:
    """The shipped policies with 青岛's."""
    return registry_with(*SHIPPED).trying(_QINGDAO)


@lru_cache
def year_2027() -> CalendarYear:
    """An arrangement as the State Council might publish it; made up."""
    spans = ((1, 1, 3), (2, 5, 7), (4, 3, 3), (5, 1, 5), (6, 9, 1), (9, 15, 1), (10, 1, 7))
    holidays = [date(2027, month, day) + timedelta(days=n) for month, day, days in spans for n in range(days)]
    workdays = [date(2027, 1, 9), date(2027, 2, 13), date(2027, 5, 8), date(2027, 9, 26), date(2027, 10, 9)]
    return check_year(2027, YearDays(holidays=tuple(holidays), workdays=tuple(workdays)))


def decide(case: Mapping[str, str]) -> tuple[str, ...]:
    """Days, due day, day of the warning, skipped days, readings not set and articles, as the table writes them."""
    (trafout, trafin), (out, into) = case["areas"].split(">"), case["schemes"].split(">")
    on = date.fromisoformat(case["from"])
    limit = time_limit(ClockKind(case["clock"]), policies_on(registry(), Transfer(trafout, trafin, out, into), on))
    if limit is None:
        return "-", "-", "-", "-", "-", case["articles"]
    calendar = working_days([year_2027()] if case["calendar"] == "2027" else [])
    clock = start(limit, on, calendar, WARN_SHARE)
    kinds = [why_off(day).value for day in clock.skipped]
    skipped = "+".join(str(kinds.count(kind)) for kind in ("weekend", "statutory", "exchanged"))
    unset = "; ".join(reading.name for reading in limit.readings if not reading.is_set) or "-"
    due = f"{clock.due_on}{'?' if clock.is_provisional else ''}"
    return str(limit.days), due, str(clock.warn_on), skipped, unset, "; ".join(limit.source.split(", "))
