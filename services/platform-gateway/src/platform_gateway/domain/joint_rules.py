"""Rules that need the facts of both sides: A04 (N5-2), A10 and A12 (N5)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from shared.contracts.codes import Insutype, PsnInsuStas
from shared.contracts.facts import CoveredPeriod, Finding, Side, SideFacts
from shared.eligibility import Asked, Reads
from shared.eligibility.rules import EMPLOYER_ROLL, SAME_YEAR, relation_of
from shared.law import design, law
from shared.months import month_index

CHANGE_MONTHS = 1
"""One month may be paid in both places: the month of the change itself."""


@dataclass(frozen=True, slots=True)
class Joint:
    """What both sides say; ``reads`` tells the readings of the inbound's region, which decides these rules."""

    asked: Asked
    outbound: SideFacts
    inbound: SideFacts
    reads: Reads


Found = tuple[Side | None, Finding]
"""Whose facts the finding is about; an unknown one names the side that cannot tell."""
JointRule = Callable[[Joint], Iterator[Found]]


@law("N5-2")
def same_insurance_year(joint: Joint) -> Iterator[Found]:
    """A04: a resident's year inbound must be later than the last one covered outbound. 原则上: a *reading*.

    Who has no such relation hears so by A02 or A13, and nothing of years.
    """
    asked = joint.asked
    if {asked.trafout_insutype, asked.trafin_insutype} != {Insutype.RESIDENT} or asked.is_inside_area:
        return
    if not (_has_resident_relation(joint.outbound) and _has_resident_relation(joint.inbound)):
        return
    left, joined = joint.outbound.last_insured_year, joint.inbound.last_insured_year
    if joined is None and joint.inbound.last_paid_ym is None:
        return  # registered but unpaid: A02 says it
    if left is None:
        yield Side.OUTBOUND, _unknown("A04", "转出地记录不能确定最后参保的居民年度")
    if joined is None:
        yield Side.INBOUND, _unknown("A04", "转入地记录不能确定参保的居民年度")
    if left is None or joined is None or joined > left:
        return
    if not joint.outbound.is_cover_end_known:
        yield Side.OUTBOUND, _unknown("A04", "转出地记录不能确定居民保障何时终止")
        return
    joint.reads.value(SAME_YEAR)
    note = f"转出地已参加{left}年度居民医保，转入地参加的是{joined}年度"
    yield None, Finding(code="A04", note=note, readings=(SAME_YEAR,))


@law("N5")
def employer_of_the_person(joint: Joint) -> Iterator[Found]:
    """A10: an employer applies for its own employees only, into 310. On whose roll they must be is a *reading*."""
    if not joint.asked.is_by_employer:
        return
    if joint.asked.trafin_insutype != Insutype.EMPLOYEE:
        yield Side.INBOUND, Finding(code="A10", note="转入居民医保的由本人申请")
        return
    rolls = {Side.INBOUND: joint.inbound.is_on_employer_roll}
    if not rolls[Side.INBOUND] and joint.reads.value(EMPLOYER_ROLL) == "either-roll":
        rolls[Side.OUTBOUND] = joint.outbound.is_on_employer_roll
    untold = [side for side, is_on_roll in rolls.items() if is_on_roll is None]
    if any(rolls.values()):
        return
    if untold:
        yield from ((side, _unknown("A10", "该地没有答复职工是否在单位的在保名册上")) for side in untold)
        return
    yield Side.INBOUND, Finding(code="A10", readings=(EMPLOYER_ROLL,))


@law("N5")
@design("one month in both places is the month of the change")
def insured_twice(joint: Joint) -> Iterator[Found]:
    """A12: two areas for the same time, or both schemes inbound, by more than the month of the change."""
    notes = []
    if _is_active(joint.inbound, Insutype.EMPLOYEE) and _is_active(joint.inbound, Insutype.RESIDENT):
        both = _shared_months(_covered(joint.inbound, Insutype.EMPLOYEE), _covered(joint.inbound, Insutype.RESIDENT))
        notes += [f"在转入地同时参加职工医保和居民医保{both}个月"] if both > CHANGE_MONTHS else []
    here = _covered(joint.inbound, joint.asked.trafin_insutype)
    for insutype in _left_behind(joint):
        months = _shared_months(_covered(joint.outbound, insutype), here)
        if months <= CHANGE_MONTHS:
            continue
        if insutype == joint.asked.trafout_insutype and not joint.outbound.is_cover_end_known:
            yield Side.OUTBOUND, _unknown("A12", "转出地记录不能确定保障何时终止，不能判断是否重复参保")
            return
        notes.append(f"两地同时参保{months}个月")
    if notes:
        yield None, Finding(code="A12", note="；".join(notes))


JOINT_RULES: Sequence[JointRule] = (same_insurance_year, employer_of_the_person, insured_twice)
"""Every rule that needs the facts of both sides."""


def _unknown(code: str, note: str) -> Finding:
    return Finding(code=code, is_unknown=True, note=note)


def _has_resident_relation(facts: SideFacts) -> bool:
    return relation_of(facts, Insutype.RESIDENT) is not None


def _is_active(facts: SideFacts, insutype: str) -> bool:
    relation = relation_of(facts, insutype)
    return relation is not None and relation.psn_insu_stas is PsnInsuStas.ACTIVE


def _left_behind(joint: Joint) -> Iterator[str]:
    """The relations outbound that stand beside the one inbound: the one to be transferred, and another still alive.

    Inside one area the other one *is* the inbound's.
    """
    asked = joint.asked
    yield asked.trafout_insutype
    if not asked.is_inside_area:
        yield from (each for each in Insutype if each != asked.trafout_insutype and _is_active(joint.outbound, each))


def _covered(facts: SideFacts, insutype: str) -> list[CoveredPeriod]:
    return [period for period in facts.covered if period.insutype == insutype]


def _shared_months(one: Sequence[CoveredPeriod], other: Sequence[CoveredPeriod]) -> int:
    return sum(
        max(0, month_index(min(a.end, b.end)) - month_index(max(a.begn, b.begn)) + 1) for a in one for b in other
    )
