"""试算 of deadlines."""

from typing import Any

import pytest

from platform_gateway.schemas.deadlines import DeadlinesTrial
from platform_gateway.use_cases.try_deadlines import try_deadlines
from shared.errors import InvalidInput
from shared.registry.policy.checking import PolicyRefused
from tests.unit.platform_gateway.deadline_cases import WARN_SHARE, registry
from tests.unit.shared.registry.policy.shipped import DAY

WITHIN = {
    "trafout_admdvs": "370102",
    "trafin_admdvs": "370200",
    "trafout_insutype": "390",
    "trafin_insutype": "390",
    "accepted_on": "2026-02-12",
}


def tried(**changes: Any) -> Any:
    trial = DeadlinesTrial.model_validate(WITHIN | changes)
    return try_deadlines(trial, registry(), DAY, WARN_SHARE).model_dump(mode="json")


def jinan(outbound_days: int) -> dict[str, Any]:
    within = {"outbound_days": outbound_days}
    version = {"valid_from": "2026-01-01", "sources": ["通知"], "deadlines": {"within_province": within}}
    return {"region": "370100", "name": "济南市", "inherits": "370000", "versions": [version]}


@pytest.mark.law("N8", "N9-1", "S54-9")
def test_shows_how_each_clock_is_counted() -> None:
    clocks = {clock["kind"]: clock for clock in tried()["clocks"]}
    outbound = clocks["outbound"]
    assert (outbound["days"], outbound["due_on"], outbound["source"]) == (6, "2026-02-27", "S54-9")
    assert outbound["counted"] == ["2026-02-13", "2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"]
    assert {day["on"]: day["why_name"] for day in outbound["skipped"]} == {
        "2026-02-15": "周末",
        "2026-02-16": "法定节日",
        "2026-02-17": "法定节日",
        "2026-02-18": "法定节日",
        "2026-02-19": "法定节日",
        "2026-02-20": "调休放假",
        "2026-02-21": "周末",
        "2026-02-22": "周末",
        "2026-02-23": "调休放假",
    }
    assert outbound["readings"] == [{"name": "province-total-scope", "value": "all-transfers", "is_set": False}]
    assert outbound["needs_local_decision"]
    assert clocks["inbound"]["started_on"] == outbound["due_on"]


def test_today_and_the_day_of_the_sheet_may_be_left_out() -> None:
    clocks = tried(accepted_on=None, sheet_received_on="2026-12-01")["clocks"]
    assert [(clock["kind"], clock["started_on"]) for clock in clocks] == [
        ("outbound", DAY.isoformat()),
        ("inbound", "2026-12-01"),
        ("total", DAY.isoformat()),
        ("payment", "2026-12-01"),
    ]


def test_tries_a_policy_before_it_is_loaded() -> None:
    faster = tried(policy=jinan(3))
    assert faster["clocks"][0]["days"] == 3
    assert "370100@2026-01-01#" in faster["policy_version"]
    assert tried()["clocks"][0]["days"] == 6
    with pytest.raises(PolicyRefused):
        tried(policy=jinan(7))


def test_an_unknown_area_is_named() -> None:
    with pytest.raises(InvalidInput) as error:
        tried(trafin_admdvs="999999")
    assert [found.pointer for found in error.value.errors] == ["/trafin_admdvs"]
