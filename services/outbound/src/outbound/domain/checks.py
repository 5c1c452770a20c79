"""What stands against an application on the outbound's side: A01, A03, A09, A13 (N2, N5, N7, N13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.agency.known_person import KnownPerson, Looked
from shared.contracts.codes import Insutype, PsnInsuStas, RetrTrtEnjymntFlag
from shared.contracts.facts import Finding, Relation

ARREARS_READING = "arrears-without-suspension"
_NEVER_THERE = (PsnInsuStas.INVALID, PsnInsuStas.NOT_ENROLLED)


@dataclass(frozen=True, slots=True)
class CheckRules:
    """The region's settings. ``facts_limit``: older facts decide nothing (domain §3, default 24 h).

    ``transfer_words``: a reason for status 4 that contains one of these says that it was by transfer.
    """

    facts_limit: timedelta = timedelta(hours=24)
    transfer_words: tuple[str, ...] = ("转出", "转移")


def find_obstacles(
    looked: Looked, insutype: str, *, now: datetime, today: date, rules: CheckRules
) -> tuple[Finding, ...]:
    """Every reason against transferring the relation of ``insutype``, all at once; none means no obstacle here.

    Missing or stale facts decide nothing: one unknown finding, so that the side is asked again. ``now`` is UTC,
    ``today`` the date in Shanghai.
    """
    if looked.facts_as_of is None or now - looked.facts_as_of > rules.facts_limit:
        return (Finding(code="A01", is_unknown=True, note="参保信息不是最新，待核心系统更新后再核验"),)
    person = looked.person
    if person is None:
        return (Finding(code="A09", note="未查到该参保人"),)
    if not person.is_same_name:
        return (Finding(code="A09", note="姓名与证件不一致"),)
    return (*_relation_obstacles(person, insutype, today, rules), *_retirement(person))


def _relation_obstacles(person: KnownPerson, insutype: str, today: date, rules: CheckRules) -> Iterator[Finding]:
    relation = person.relation(insutype)
    if relation is None or relation.psn_insu_stas in _NEVER_THERE:
        yield Finding(code="A13", note="在本地没有该险种的参保关系")
    elif relation.psn_insu_stas is PsnInsuStas.TERMINATED:
        yield from _terminated(relation, rules)
    elif not _is_suspended(relation, today):
        yield _still_active(relation)


def _terminated(relation: Relation, rules: CheckRules) -> Iterator[Finding]:
    """Status 4 refuses only when the reason says that the relation was transferred away (N13)."""
    away = relation.transferred_away
    if away is not None:
        # Without the case's number: whoever asks now need not be a side of that case.
        yield Finding(code="A13", note=f"已于{away.on:%Y年%m月%d日}转往{away.trafin_admdvs}")
    elif relation.insu_stas_chg_rea is None:
        yield Finding(code="A13", is_unknown=True, note="终止原因不详，待核心系统补充后再核验")
    elif any(word in relation.insu_stas_chg_rea for word in rules.transfer_words):
        yield Finding(code="A13", note="该参保关系已转出")


def _is_suspended(relation: Relation, today: date) -> bool:
    cover_ends_on = relation.cover_ends_on if relation.insutype == Insutype.RESIDENT else None
    if cover_ends_on is not None and cover_ends_on < today:
        return True
    if relation.psn_insu_stas is not PsnInsuStas.SUSPENDED:
        return False
    if relation.paus_insu_date is None:
        return not relation.has_arrears
    return relation.paus_insu_date <= today


def _still_active(relation: Relation) -> Finding:
    if relation.has_arrears and relation.paus_insu_date is None:
        remedy = "欠费不等于停保，请先办理减员或停保"
        return Finding(code="A01", note=remedy, readings=(ARREARS_READING,))
    return Finding(code="A01")


def _retirement(person: KnownPerson) -> Iterator[Finding]:
    """Who enjoys retiree benefits of the employees' scheme here is outside the measure (N2)."""
    for relation in person.relations:
        is_over = relation.psn_insu_stas in (*_NEVER_THERE, PsnInsuStas.TERMINATED)
        if relation.insutype != Insutype.EMPLOYEE or is_over:
            continue
        if relation.retr_trt_enjymnt_flag is not RetrTrtEnjymntFlag.NOT_ENJOYED:
            yield Finding(code="A03")
            return
