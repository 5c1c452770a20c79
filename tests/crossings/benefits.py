"""What is decided about benefits crosses everything and moves nothing."""

from dataclasses import replace
from datetime import date

from platform_gateway.domain.benefits_progress import benefits_line
from platform_gateway.domain.money import MoneyState
from platform_gateway.domain.states import CaseState
from shared.contracts.events.relation import BenefitsTold
from tests.unit.platform_gateway.test_progress import CASE

DAY = date(2026, 3, 2)


def benefits_anything() -> None:
    """Told once the relation has arrived, whatever the money does; not before, and no more after a termination."""
    told = BenefitsTold(
        is_final=True,
        rule="no_gap",
        first_benefit_date=DAY,
        waiting_months=0,
        is_gap_reimbursed=False,
        back_pay_until=None,
        first_benefit_date_if_back_paid=None,
        needs_local_decision=False,
    )
    arrived = replace(CASE, state=CaseState.COMPLETED, benefits=told.model_dump(mode="json"))
    lines = {benefits_line(replace(arrived, money_state=state)) for state in MoneyState}
    assert lines == {f"医保待遇：自{DAY.year}年{DAY.month}月{DAY.day}日起享受转入地待遇。"}
    for state in set(CaseState) - {CaseState.COMPLETED}:
        assert benefits_line(replace(arrived, state=state)) is None
