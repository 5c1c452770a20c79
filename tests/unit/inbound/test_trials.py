"""试算 decides by the very rules of real cases, for areas and under policies that the caller names."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from inbound.schemas.benefits import BenefitsShown, preview_told
from inbound.schemas.trials import BenefitsTrial, YearsTrial
from inbound.schemas.years import YearsShown
from inbound.use_cases.try_decisions import try_benefits, try_years
from shared.errors import InvalidInput
from tests.unit.inbound.policies import registry

TODAY = date(2026, 11, 28)
REGISTRY = registry()
GAP_OF_FOUR = {
    "trafout_admdvs": "370200",
    "trafin_admdvs": "370102",
    "trafout_insutype": "310",
    "trafin_insutype": "310",
    "last_paid_ym": "202604",
    "paid_on": "2026-09-10",
}
OWN_WAIT = {"long_gap_within_province": {"first_month": "month_of_payment", "waiting_months": 2}}


def qingdao(**sections: Any) -> dict[str, Any]:
    """A file that 青岛 might publish."""
    version = {"valid_from": "2026-01-01", "sources": ["某通知"], **sections}
    return {"region": "370200", "name": "青岛市", "inherits": "370000", "versions": [version]}


def benefits(**changes: Any) -> BenefitsShown:
    trial = BenefitsTrial.model_validate_json(BenefitsTrial.model_validate(GAP_OF_FOUR | changes).model_dump_json())
    return BenefitsShown.of(try_benefits(trial, REGISTRY, TODAY))


@pytest.mark.law("N11-1", "S54-3", "J2")
def test_explains_a_long_interruption() -> None:
    found = benefits()
    assert found.explanation == (
        "中断缴费3个月以上，按转入地规定执行。",
        "待遇自2026年10月1日起享受。",
        "补缴中断期间医保费的，只计算缴费年限，期间的医疗费用不予支付。",
        "转出地待遇享受至2026年4月30日。",
    )
    assert not found.needs_local_decision


@pytest.mark.law("N11-1", "S54-3")
def test_explains_what_paying_for_a_short_interruption_brings_and_what_is_open() -> None:
    found = benefits(last_paid_ym="202606", completed_on="2026-09-20", as_of="2026-10-01")
    assert (found.may_back_pay, found.back_pay_until) == (True, date(2026, 12, 31))
    assert found.explanation[2] == (
        "在2026年12月31日前（含当日）足额补缴中断期间医保费的，待遇自2026年9月1日起享受，中断期间的待遇可以追溯。"
    )
    assert [each.name for each in found.readings] == ["back-payment-last-day", "short-gap-not-back-paid"]
    assert len(found.local_decision_reasons) == 2


@pytest.mark.law("S54-4")
def test_others_are_not_told_that_a_person_is_of_a_low_income_group() -> None:
    resident = {"trafin_insutype": "390", "trafout_insutype": "390", "insured_year": 2026, "is_low_income": True}
    trial = BenefitsTrial.model_validate(GAP_OF_FOUR | resident)
    decision = try_benefits(trial, REGISTRY, TODAY)
    said, told = "低收入人口参加居民医保，不设等待期。", preview_told(decision)
    assert BenefitsShown.of(decision).explanation == (said, *told.explanation)
    assert told.explanation[0] == "待遇自2026年9月1日起享受。"
    assert decision.needs_local_decision
    assert "低收入" not in told.model_dump_json()


def test_tries_a_policy_that_is_not_in_force() -> None:
    assert benefits(trafin_admdvs="370200").outcome.waiting_months == 0
    tried = benefits(trafin_admdvs="370200", policy=qingdao(benefits=OWN_WAIT))
    assert (tried.outcome.waiting_months, tried.outcome.first_benefit_date) == (2, date(2026, 11, 1))
    assert "370200@2026-01-01" in tried.policy_version


@pytest.mark.law("N11-1", "N11-2", "N12", "N15")
@pytest.mark.parametrize(
    ("sections", "named"),
    [
        ({"benefits": {"short_gap": {"first_month": "month_of_payment", "waiting_months": 1}}}, "N11"),
        ({"benefits": {"switch_short_gap": {"is_gap_reimbursed": False}}}, "N11"),
        ({"benefits": {"short_gap_months": 2}}, "N11"),
        ({"benefits": {"continuous_months": 25}}, "N11"),
        ({"benefits": {"long_gap_within_province": {"waiting_months": 7}}}, "beyond_principle"),
        ({"years": {"needs_local_pension": True}}, "N12"),
    ],
)
def test_refuses_a_policy_that_contradicts_the_nation(sections: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        benefits(policy=qingdao(**sections))
    assert named in refused.value.errors[0].message


@pytest.mark.law("N11-1")
def test_waits_longer_than_six_months_with_a_stated_reason() -> None:
    given = {"long_gap_within_province": {"waiting_months": 7, "beyond_principle": "某理由"}}
    assert benefits(trafin_admdvs="370200", policy=qingdao(benefits=given)).outcome.waiting_months == 7


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"trafin_admdvs": "999999"}, "/trafin_admdvs"),
        ({"trafout_admdvs": None}, "/trafout_admdvs"),
        ({"brdy": "2026-09-11"}, "/brdy"),
    ],
)
def test_names_the_field_that_is_wrong(changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        benefits(**changes)
    assert [error.pointer for error in refused.value.errors] == [pointer]


@pytest.mark.law("N12", "S54-6", "S54-7")
def test_explains_what_is_missing_in_years() -> None:
    trial = YearsTrial.model_validate(
        {
            "trafout_admdvs": "110000",
            "trafin_admdvs": "370200",
            "gend": "2",
            "paid": [{"insutype": "310", "accrym_begn": "200201", "accrym_end": "202512", "admdvs": "110000"}],
            "deemed": [{"accrym_begn": "200101", "accrym_end": "200106", "is_recognised": False}],
            "policy": qingdao(years={"local_actual_months": {"across_provinces": 120}}),
        }
    )
    assert YearsShown.of(try_years(trial, REGISTRY, TODAY)).explanation == (
        "职工医保累计缴费288个月。",
        "另有6个月视同缴费尚未认定，未计入。",
        "享受退休人员待遇要求累计缴费300个月。",
        "要求在转入地实际缴费120个月，现有0个月。",
        "还差12个月，达到法定退休年龄时可以按规定一次性缴费后享受退休人员待遇；可以继续按月缴费至最低年限，期间享受在职人员待遇。",
    )


def test_refuses_a_period_that_ends_before_it_begins() -> None:
    paid = [{"insutype": "310", "accrym_begn": "202602", "accrym_end": "202601", "admdvs": "110000"}]
    trial = YearsTrial.model_validate(
        {"trafout_admdvs": "110000", "trafin_admdvs": "370200", "gend": "2", "paid": paid}
    )
    with pytest.raises(InvalidInput) as refused:
        try_years(trial, REGISTRY, TODAY)
    assert [error.pointer for error in refused.value.errors] == ["/paid/0/accrym_end"]


@pytest.mark.parametrize("name", ["as_of", "paid_on", "completed_on", "back_paid_on", "registered_on", "cover_ends_on"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_nothing_can_be_counted_from_is_refused(name: str, day: str) -> None:
    with pytest.raises(ValidationError):
        BenefitsTrial.model_validate_json(json.dumps(GAP_OF_FOUR | {name: day}))
