"""What the person is told about benefits and years, in whole sentences (N10, N11, N12)."""

from collections.abc import Iterator

from platform_gateway.domain.case import Case
from platform_gateway.domain.progress import chinese_date
from platform_gateway.domain.states import CaseState
from shared.contracts.events.relation import BenefitsTold, YearsTold
from shared.law import law


@law("N10", "N11-1", "N11-2", "N12")
def benefits_line(case: Case) -> str | None:
    """From when, until when to pay for an interruption and what that brings; years. ``None`` before the completion,
    after a termination, and where the inbound has said nothing.
    """
    if case.state is not CaseState.COMPLETED or case.benefits is None:
        return None
    benefits = BenefitsTold.model_validate(case.benefits)
    years = None if case.years is None else YearsTold.model_validate(case.years)
    parts = [*_benefits(benefits), *(_years(years) if years else ())]
    if benefits.needs_local_decision or (years and years.needs_local_decision):
        parts.append("部分事项文件没有明确，以转入地经办机构的答复为准")
    return f"医保待遇：{'；'.join(parts)}。"


def _benefits(told: BenefitsTold) -> Iterator[str]:
    if told.first_benefit_date is None:
        yield "待遇起始日期由转入地经办机构确定"
    else:
        waits = f"（等待期{told.waiting_months}个月）" if told.waiting_months else ""
        yield f"自{chinese_date(told.first_benefit_date)}起享受转入地待遇{waits}"
    if told.is_gap_reimbursed:
        yield "中断期间的医疗费用可以追溯报销"
    if not told.is_final and told.first_benefit_date_if_back_paid is not None:
        until = f"在{chinese_date(told.back_pay_until)}前（含当日）" if told.back_pay_until else ""
        begins = chinese_date(told.first_benefit_date_if_back_paid)
        yield f"{until}足额补缴中断期间医保费的，自{begins}起享受，中断期间的医疗费用可以追溯报销"


def _years(told: YearsTold) -> Iterator[str]:
    yield f"职工医保累计缴费{told.accumulated_months}个月"
    if told.required_months is None:
        return
    if told.is_reached:
        yield f"已达到享受退休人员待遇要求的{told.required_months}个月"
    elif told.short_months:
        yield f"享受退休人员待遇要求{told.required_months}个月，还差{told.short_months}个月"
