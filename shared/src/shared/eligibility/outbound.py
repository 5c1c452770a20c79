"""What stands against an application on the outbound's side: A01, A03, A09, A13 (N2, N5, N7, N13)."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from shared.clock import local_date
from shared.contracts.codes import Insutype, PsnInsuStas, RetrTrtEnjymntFlag
from shared.contracts.facts import Finding, Relation, SideFacts
from shared.eligibility.rules import (
    ARREARS,
    Asked,
    EligibilityRules,
    Reads,
    SideVerdict,
    judge,
    not_that_person,
    relation_of,
)
from shared.law import design, law
from shared.months import month_of

TRANSFER_WORDS = ("转出", "转移")
"""A reason for status 4 that contains one of these says that it was by transfer."""

_DENIAL = "(?:未|非|不|没有)[^，。；、,;]{0,4}"
"""Shortly before one of these words (未办理转移) it says the opposite, or nothing for certain: the core has to say it
better.
"""

_NEVER_THERE = (PsnInsuStas.INVALID, PsnInsuStas.NOT_ENROLLED)


def check_outbound(
    asked: Asked,
    facts: SideFacts,
    rules: EligibilityRules,
    at: datetime,
    transfer_words: tuple[str, ...] = TRANSFER_WORDS,
) -> SideVerdict:
    """Every reason against transferring the relation asked for, all at once; none means no obstacle here.

    Missing or old facts decide nothing: one unknown finding, so that the side is asked again. ``at`` is UTC.
    """

    def check(under: EligibilityRules, reads: Reads) -> tuple[Finding, ...]:
        if not under.is_fresh(facts, at):
            return (Finding(code="A01", is_unknown=True, note="参保信息不是最新，待核心系统更新后再核验"),)
        stranger = not_that_person(facts)
        if stranger:
            return stranger
        relation = relation_of(facts, asked.trafout_insutype)
        found = _relation(relation, local_date(at), reads, transfer_words, facts.last_paid_ym)
        return (*found, *_retirement(facts))

    return judge(check, rules)


def _relation(
    relation: Relation | None, today: date, reads: Reads, words: tuple[str, ...], last_paid_ym: str | None
) -> Iterator[Finding]:
    if relation is None or relation.psn_insu_stas in _NEVER_THERE:
        yield Finding(code="A13", note="在本地没有该险种的参保关系")
    elif relation.psn_insu_stas is PsnInsuStas.TERMINATED:
        yield from _terminated(relation, words)
    elif _may_have_lapsed(relation, today, last_paid_ym):
        yield Finding(code="A01", is_unknown=True, note="居民已缴费的月份均已过去，记录未写明保障何时终止")
    elif not _is_suspended(relation, today):
        yield from _still_active(relation, reads)


@law("N13", "N4")
def _terminated(relation: Relation, words: tuple[str, ...]) -> Iterator[Finding]:
    """Status 4 refuses only when the reason says that the relation was transferred away (N13)."""
    away = relation.transferred_away
    if away is not None:
        # Without the case's number: whoever asks now need not be a side of that case.
        yield Finding(code="A13", note=f"已于{away.on:%Y年%m月%d日}转往{away.trafin_admdvs}")
        return
    reason = (relation.insu_stas_chg_rea or "").strip()
    is_denied = any(re.search(_DENIAL + re.escape(word), reason) for word in words)
    if not reason or is_denied:
        yield Finding(code="A13", is_unknown=True, note="终止原因不详，待核心系统补充后再核验")
    elif any(word in reason for word in words):
        yield Finding(code="A13", note="该参保关系已转出")


@law("N5-1", "N5-3", "N7-2")
@design("what 中止参保 means in status codes")
def _is_suspended(relation: Relation, today: date) -> bool:
    """Suspended after 减员 or 停保, or a resident's year that has lapsed."""
    cover_ends_on = relation.cover_ends_on if relation.insutype == Insutype.RESIDENT else None
    if cover_ends_on is not None and cover_ends_on < today:
        return True
    if relation.psn_insu_stas is not PsnInsuStas.SUSPENDED:
        return False
    if relation.paus_insu_date is None:
        return not relation.has_arrears
    return relation.paus_insu_date <= today


def _may_have_lapsed(relation: Relation, today: date, last_paid_ym: str | None) -> bool:
    """A resident still marked active, no day of the cover's end on record, and all that was paid for is over."""
    is_open = relation.psn_insu_stas is PsnInsuStas.ACTIVE and relation.cover_ends_on is None
    is_over = last_paid_ym is not None and last_paid_ym < month_of(today)
    return relation.insutype == Insutype.RESIDENT and is_open and is_over


@law("S54-2")
def _still_active(relation: Relation, reads: Reads) -> Iterator[Finding]:
    """Arrears only pause the benefits (S54-2): by default they are no suspension."""
    if not relation.has_arrears or relation.paus_insu_date is not None:
        yield Finding(code="A01")
    elif reads.value(ARREARS) != "suspended":
        yield Finding(code="A01", note="欠费不等于停保，请先办理减员或停保", readings=(ARREARS,))


@law("N2", "N12")
def _retirement(facts: SideFacts) -> Iterator[Finding]:
    """Who enjoys retiree benefits of the employees' scheme here is outside the measure; a pension alone is nothing."""
    for relation in facts.relations:
        is_over = relation.psn_insu_stas in (*_NEVER_THERE, PsnInsuStas.TERMINATED)
        if relation.insutype != Insutype.EMPLOYEE or is_over:
            continue
        if relation.retr_trt_enjymnt_flag is not RetrTrtEnjymntFlag.NOT_ENJOYED:
            yield Finding(code="A03")
            return
