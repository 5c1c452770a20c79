"""Every reading: a place where the texts admit two meanings. A region's file may choose; until then the default holds.

Meanings and questions are Chinese, for they are shown to clerks and printed in ``docs/readings.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.registry.policy.layers import Origin


@dataclass(frozen=True, slots=True)
class Reading:
    """One question that the ``articles`` leave open, with what each possible value means."""

    name: str
    question: str
    meanings: Mapping[str, str]
    default: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """The value by which a decision read the texts; ``origin`` says who set it, ``None`` where the default holds."""

    name: str
    value: str
    is_set: bool
    origin: Origin | None


def _reading(name: str, question: str, meanings: Mapping[str, str], *articles: str) -> Reading:
    """A reading whose first meaning is the default."""
    return Reading(name, question, meanings, next(iter(meanings)), articles)


ELIGIBILITY_READINGS = (
    _reading(
        "arrears-without-suspension",
        "单位欠费但未办理减员、停保的，是否算转出地已中止参保？",
        {
            "not-suspended": "不算。欠费只暂停待遇，须先办理减员或停保，再申请转移。",
            "suspended": "算。已停止缴费即视为中止参保，可以申请。",
        },
        "N5",
        "N7",
        "S54-2",
    ),
    _reading(
        "same-year-residents",
        "居民当年度“原则上”不办理居民医保之间的转移，有无例外？",
        {
            "clerk-exception": "原则上不办理；有权限的经办人员可以写明理由后受理，理由留存。",
            "no-exception": "一律不办理，待参加转入地下一年度居民医保后再申请。",
        },
        "N5-2",
    ),
    _reading(
        "employer-roll",
        "哪个用人单位可以替职工申请？",
        {
            "inbound-roll": "转入地的现单位，职工须在该单位的在保名册上。",
            "either-roll": "转入地的现单位或转出地的原单位均可，职工须在其名册上。",
        },
        "N5",
        "N6",
    ),
)

CASE_READINGS = (
    _reading(
        "returned-sheet-clock",
        "信息表被退回更正后，两地的时限怎样计算？",
        {
            "new-clocks": "转入地的时限停止，转出地重新起算；更正后的信息表到达后，转入地重新起算。",
            "clock-runs-on": "转入地的时限不停，自第一次收到信息表起连续计算；转出地不另起算。",
        },
        "N8",
        "N9",
    ),
    _reading(
        "province-total-scope",
        "省规定的办理总时限只适用于职工，还是也适用于居民和跨制度转移？",
        {
            "all-transfers": "适用于各类转移。",
            "employees-only": "只适用于职工医保之间的转移，其他转移执行国家时限。",
        },
        "S54-9",
    ),
    _reading(
        "payment-term",
        "个人账户余额划转有没有单独的时限？",
        {
            "own-clock": "第八条没有写明期限，按地区所设工作日数自信息表被接收时起单独监督。",
            "not-watched": "没有期限，不作监督。",
        },
        "N8",
    ),
)

BENEFIT_READINGS = (
    _reading(
        "gap-count",
        "中断缴费的月数怎样计算？",
        {
            "unpaid-months": "转出地最后缴费月与转入地首次缴费月之间没有缴费的整月数。",
            "from-suspension": "自转出地办理减员的当月起算。",
        },
        "N11",
        "S54-3",
        "N15",
    ),
    _reading(
        "back-payment-last-day",
        "中断三个月以内的，补缴到哪一天为止？",
        {
            "third-month-after-completion": "转移完成月份之后第三个月的最后一天。",
            "no-last-day": "第十一条没有写明期限，任何时候补缴都可以追溯。",
        },
        "N11",
        "S54-3",
        "N15",
    ),
    _reading(
        "short-gap-not-back-paid",
        "中断三个月以内但未补缴、未足额补缴或逾期补缴的，待遇怎样衔接？",
        {
            "as-long-gap": "按中断三个月以上的规定执行。",
            "no-waiting": "不设等待期，只是中断期间的待遇不追溯。",
        },
        "N11",
    ),
    _reading(
        "long-gap-from-other-province",
        "由省外转入且中断三个月以上的职工，是否执行与省内转移相同的规定？",
        {
            "as-within-province": "相同：自缴费的次月起享受待遇。",
            "regional-waiting": "不同：按本地区的等待期执行。",
        },
        "J2",
        "S54-3",
        "N11",
    ),
    _reading(
        "switch-into-employees",
        "居民转入职工医保，连续参保不足二十四个月或中断三个月以上的，按哪条规定享受待遇？",
        {
            "as-first-enrolment": "按首次参加职工医保：自缴费的次月起。",
            "as-interrupted": "按中断缴费后续保：超过三个月的设置三个月等待期。",
        },
        "N11",
        "J4",
        "S54-1",
        "S54-2",
    ),
    _reading(
        "switch-into-residents",
        "职工转入居民医保，连续参保不足二十四个月或中断三个月以上的，按哪条规定享受待遇？",
        {
            "as-residents": "按居民参保规定：集中缴费期内缴费的次年一月一日起，此后缴费的设置三个月等待期。",
            "no-waiting": "不设等待期，自缴费的次月起。",
        },
        "N11",
        "J4",
        "S54-4",
    ),
    _reading(
        "low-income-first-day",
        "低收入人口参加居民医保不设等待期，待遇从哪天开始？",
        {
            "month-of-payment": "自缴费当月起。",
            "month-after-payment": "自缴费的次月起。",
        },
        "S54-4",
        "J3",
    ),
)

YEARS_READINGS = (
    _reading(
        "resident-months",
        "居民医保的缴费月数是否计入职工医保退休待遇所需的缴费年限？",
        {
            "apart": "不计入，单独记载。",
            "counted": "计入。",
        },
        "N12",
        "S54-6",
    ),
)

MONEY_READINGS = (
    _reading(
        "balance-into-residents",
        "转入居民医保（没有个人账户）的，转出地个人账户余额归到哪里？",
        {
            "refunded_to_person": "退给本人。",
            "retained_at_outbound": "留在转出地个人账户，按当地规定使用。",
        },
        "N8",
    ),
    _reading(
        "balance-without-inbound-account",
        "转入职工医保但当地不设个人账户，或转出地不划转余额的，余额归到哪里？",
        {
            "refunded_to_person": "退给本人。",
            "retained_at_outbound": "留在转出地个人账户，按当地规定使用。",
        },
        "N8",
        "N9",
    ),
)

READINGS: Mapping[str, Reading] = {
    reading.name: reading
    for reading in (
        *ELIGIBILITY_READINGS,
        *CASE_READINGS,
        *BENEFIT_READINGS,
        *YEARS_READINGS,
        *MONEY_READINGS,
    )
}
"""By name."""
