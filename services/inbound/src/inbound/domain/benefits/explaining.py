"""A decision in plain Chinese sentences, for clerks and for the person."""

from collections.abc import Iterator
from datetime import date

from inbound.domain.benefits.decide import Decision
from inbound.domain.benefits.outcome import BackPaymentGives, LocalQuestion, Outcome, Rule
from shared.registry.policy.readings import READINGS

_WHY = {
    Rule.FACTS_MISSING: "信息不全，暂不能确定待遇起始日期",
    Rule.NO_GAP: "缴费没有中断，待遇连续享受",
    Rule.SHORT_GAP: "中断缴费3个月以内且已足额补缴，不设等待期",
    Rule.SHORT_GAP_NOT_BACK_PAID: "中断缴费3个月以内，尚未足额按期补缴",
    Rule.LONG_GAP: "中断缴费3个月以上，按转入地规定执行",
    Rule.SWITCH_SHORT_GAP: "连续参保满2年、中断3个月以内且已足额补缴，不设等待期",
    Rule.SWITCH_SHORT_GAP_NOT_BACK_PAID: "连续参保满2年、中断3个月以内，尚未足额按期补缴",
    Rule.SWITCH_LONG_GAP: "职工医保与居民医保之间切换且中断3个月以上，按转入地规定执行",
    Rule.SWITCH_NOT_CONTINUOUS: "职工医保与居民医保之间切换，连续参保不满2年或者无法核实，按转入地规定执行",
    Rule.FIRST_ENROLMENT: "首次参加职工医保",
    Rule.UNIT_RESUMES: "单位已补齐欠费和滞纳金，恢复待遇",
    Rule.FLEXIBLE_RESUMES: "灵活就业人员欠费3个月以内并已补足，恢复待遇",
    Rule.FLEXIBLE_RESUMES_LATE: "灵活就业人员欠费3个月以上，重新连续缴费满等待期后享受待遇",
    Rule.ARREARS_UNPAID: "欠费和滞纳金补齐之前，待遇暂停",
    Rule.NEWBORN_FROM_BIRTH: "新生儿在规定期限内参保缴费，自出生之日起享受待遇",
    Rule.NEWBORN_LATE: "新生儿超过规定期限参保缴费，自缴费的次月起享受待遇",
    Rule.RESIDENTS_IN_WINDOW: "在集中缴费期内缴纳居民医保费，自该年度起享受待遇",
    Rule.RESIDENTS_LOW_INCOME: "低收入人口参加居民医保，不设等待期",
    Rule.RESIDENTS_LATE: "未在集中缴费期内缴纳居民医保费，按转入地规定执行",
}
_QUESTIONS = {
    LocalQuestion.NO_LOCAL_RULE: "转入地没有公布这种情形的规定，须由当地经办机构决定",
    LocalQuestion.FACTS_MISSING: "缺少作出决定所需的信息",
    LocalQuestion.CONTINUITY_UNKNOWN: "连续参保月数待信息表到达后核实",
    LocalQuestion.PAID_BEFORE_WINDOW: "在集中缴费期开始之前缴费，文件没有规定，须由当地经办机构决定",
}

_UNNAMED = "转入地对这种情形有未明确的规定，以转入地经办机构的答复为准。"


def explain(decision: Decision) -> tuple[str, ...]:
    """Whole sentences: why, from when, the interruption, until when to pay for it, the outbound side."""
    return tuple(f"{sentence}。" for sentence in _sentences(decision))


def explain_to_others(decision: Decision) -> tuple[str, ...]:
    """``explain`` for whoever may know of the case, without what only this area's own records say of the person."""
    told = explain(decision)
    return told[1:] if _is_of_own_records(decision) else told


def why_local_to_others(decision: Decision) -> tuple[str, ...]:
    """``why_local`` likewise: a question that only such a person raises is not named."""
    reasons = why_local(decision)
    return (_UNNAMED,) if reasons and _is_of_own_records(decision) else reasons


def _is_of_own_records(decision: Decision) -> bool:
    return decision.outcome.rule is Rule.RESIDENTS_LOW_INCOME


def why_local(decision: Decision) -> tuple[str, ...]:
    """Why a local decision is needed: the open questions, then the readings with what the other meaning would give."""
    reasons = [f"{_QUESTIONS[question]}。" for question in decision.outcome.questions]
    for other in decision.others:
        reading = READINGS[other.reading]
        given, meaning = _begins(other.outcome) or "不能确定", reading.meanings[other.value].removesuffix("。")
        reasons.append(f"{reading.question}转入地未明确；若为“{meaning}”，则{given}。")
    return tuple(reasons)


def _sentences(decision: Decision) -> Iterator[str]:
    outcome = decision.outcome
    yield _WHY[outcome.rule]
    begins = _begins(outcome)
    if begins:
        yield begins
    if outcome.does_outrun_year:
        yield "待遇起始日期已在所缴年度之后，是否仍参加该年度请先咨询经办机构"
    if outcome.paused_from is not None:
        yield f"待遇自{_day(outcome.paused_from)}起暂停"
    yield from _interruption(outcome)
    if decision.outbound_pays_until is not None:
        yield f"转出地待遇享受至{_day(decision.outbound_pays_until)}"


def _interruption(outcome: Outcome) -> Iterator[str]:
    if outcome.if_back_paid is not None:
        until = f"在{_day(outcome.back_pay_until)}前（含当日）" if outcome.back_pay_until else ""
        yield f"{until}足额补缴中断期间医保费的，{_begins(outcome.if_back_paid)}，中断期间的待遇可以追溯"
    elif outcome.is_gap_reimbursed and outcome.reimbursed_from and outcome.reimbursed_until:
        yield f"{_day(outcome.reimbursed_from)}至{_day(outcome.reimbursed_until)}期间的待遇可以追溯"
    elif outcome.back_payment_gives is BackPaymentGives.YEARS:
        yield "补缴中断期间医保费的，只计算缴费年限，期间的医疗费用不予支付"


def _begins(outcome: Outcome) -> str:
    if outcome.first_benefit_date is None:
        return ""
    waits = f"，等待期{outcome.waiting_months}个月" if outcome.waiting_months else ""
    latest = "最迟" if LocalQuestion.NO_LOCAL_RULE in outcome.questions else ""
    return f"待遇{latest}自{_day(outcome.first_benefit_date)}起享受{waits}"


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"
