"""What the applicant reads about benefits and years."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from platform_gateway.domain.benefits_progress import benefits_line
from platform_gateway.domain.states import CaseState
from shared.contracts.events.relation import BenefitsTold, YearsTold
from tests.unit.platform_gateway.test_progress import CASE

FINAL: dict[str, Any] = {
    "is_final": True,
    "rule": "long_gap",
    "first_benefit_date": date(2026, 10, 1),
    "waiting_months": 0,
    "is_gap_reimbursed": False,
    "back_pay_until": None,
    "first_benefit_date_if_back_paid": None,
    "needs_local_decision": False,
}
OPEN = {
    "is_final": False,
    "back_pay_until": date(2026, 12, 31),
    "first_benefit_date_if_back_paid": date(2026, 8, 1),
    "needs_local_decision": True,
}


@pytest.mark.law("N10", "N11-1", "N11-2")
@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "自2026年10月1日起享受转入地待遇"),
        ({"waiting_months": 3}, "自2026年10月1日起享受转入地待遇（等待期3个月）"),
        ({"is_gap_reimbursed": True}, "自2026年10月1日起享受转入地待遇；中断期间的医疗费用可以追溯报销"),
        (
            OPEN,
            (
                "自2026年10月1日起享受转入地待遇；在2026年12月31日前（含当日）足额补缴中断期间医保费的，自2026年8月1日起享受，"
                "中断期间的医疗费用可以追溯报销；部分事项文件没有明确，以转入地经办机构的答复为准"
            ),
        ),
        ({"first_benefit_date": None, "waiting_months": None}, "待遇起始日期由转入地经办机构确定"),
    ],
)
def test_tells_from_when_and_until_when_to_pay(changes: dict[str, Any], line: str) -> None:
    told = BenefitsTold(**(FINAL | changes)).model_dump(mode="json")
    assert benefits_line(replace(CASE, state=CaseState.COMPLETED, benefits=told)) == f"医保待遇：{line}。"


@pytest.mark.law("N10", "N12")
@pytest.mark.parametrize(
    ("required", "short", "line"),
    [
        (360, 12, "职工医保累计缴费348个月；享受退休人员待遇要求360个月，还差12个月"),
        (348, 0, "职工医保累计缴费348个月；已达到享受退休人员待遇要求的348个月"),
        (None, None, "职工医保累计缴费348个月；部分事项文件没有明确，以转入地经办机构的答复为准"),
    ],
)
def test_tells_what_is_missing_in_years(required: int | None, short: int | None, line: str) -> None:
    years = YearsTold(
        accumulated_months=348,
        required_months=required,
        short_months=short,
        is_reached=None if short is None else not short,
        needs_local_decision=required is None,
    )
    benefits = BenefitsTold(**FINAL).model_dump(mode="json")
    told = replace(CASE, state=CaseState.COMPLETED, benefits=benefits, years=years.model_dump(mode="json"))
    assert benefits_line(told) == f"医保待遇：自2026年10月1日起享受转入地待遇；{line}。"
