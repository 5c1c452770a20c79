"""An assessment in plain Chinese sentences, for clerks and for the person."""

from collections.abc import Iterator

from inbound.domain.years.assess import Assessment, Way
from inbound.domain.years.requirement import YearsQuestion
from shared.registry.policy.readings import READINGS

_QUESTIONS = {
    YearsQuestion.NO_LOCAL_NUMBER: "转入地所要求的缴费年限没有载入，须由当地经办机构确定",
    YearsQuestion.NO_LOCAL_ACTUAL_NUMBER: "转入地所要求的本地实际缴费年限没有载入，须由当地经办机构确定",
    YearsQuestion.GENDER_UNSTATED: "性别未说明，不能确定所要求的年限",
    YearsQuestion.DEEMED_NOT_REGULATED: "转入地没有说明视同缴费年限是否计算",
    YearsQuestion.WAYS_NOT_REGULATED: "不足的年限如何补足，须咨询当地经办机构",
}
_WAYS = {
    Way.PAY_REST_AT_ONCE: "可以按规定一次性缴费后享受退休人员待遇",
    Way.GO_ON_MONTHLY: "可以继续按月缴费至最低年限，期间享受在职人员待遇",
}


def explain(found: Assessment) -> tuple[str, ...]:
    """Whole sentences: what counts, what is required, what is missing and how to make it up."""
    return tuple(f"{sentence}。" for sentence in _sentences(found))


def why_local(found: Assessment) -> tuple[str, ...]:
    """Why a local decision is needed."""
    reasons = [f"{_QUESTIONS[question]}。" for question in found.questions]
    for name, value in found.others:
        reading = READINGS[name]
        reasons.append(
            f"{reading.question}转入地未明确；若为“{reading.meanings[value].removesuffix('。')}”，结论不同。"
        )
    return tuple(reasons)


def _sentences(found: Assessment) -> Iterator[str]:
    counted = found.counted
    deemed = f"（其中实际缴费{counted.actual}个月，视同缴费{counted.deemed}个月）" if counted.deemed else ""
    yield f"职工医保累计缴费{found.accumulated_months}个月{deemed}"
    if counted.residents:
        yield f"居民医保缴费{counted.residents}个月，单独记载"
    if counted.not_recognised:
        yield f"另有{counted.not_recognised}个月视同缴费尚未认定，未计入"
    if found.required_months is not None:
        yield f"享受退休人员待遇要求累计缴费{found.required_months}个月"
    if found.local_actual_required:
        yield f"要求在转入地实际缴费{found.local_actual_required}个月，现有{counted.local_actual}个月"
    if found.short_months:
        ways = "；".join(_WAYS[way] for way in found.ways) or "按当地规定补足"
        yield f"还差{found.short_months}个月，达到法定退休年龄时{ways}"
    elif found.is_reached:
        yield "已达到所要求的年限"
