"""Rule 2: from 310 to 390 or back (N11, J4), and what holds where N11's conditions are not met."""

from datetime import date

from inbound.domain.benefits.enrolment import enrolled_first
from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.outcome import LocalQuestion, Outcome, Rule
from inbound.domain.benefits.residents import from_its_year, residents
from inbound.domain.benefits.short_gap import short_gap
from inbound.domain.benefits.starting import long_gap, no_gap, no_local_rule, start
from shared.contracts.codes import Insutype
from shared.law import design, law
from shared.registry.policy.benefits import FirstMonth, StartRule

_NEXT_MONTH = StartRule(first_month=FirstMonth.AFTER_PAYMENT)


@law("N11-2", "N14", "J4")
@design("every change of scheme counts as one by 就业等个人状态变化")
def switch(facts: BenefitFacts, ground: Ground) -> Outcome | None:
    """After 24 months without a break and an interruption of up to 3 months as inside 310; otherwise locally.

    Within one area likewise (N14).
    """
    gap, paid_on, continuous = facts.gap_months, facts.paid_on, facts.continuous_months
    if not facts.is_switch or gap is None or paid_on is None:
        return None
    benefits = ground.benefits
    if gap > benefits.short_gap_months:
        return _local(facts, ground, Rule.SWITCH_LONG_GAP, paid_on)
    if continuous is None:
        found = _local(facts, ground, Rule.SWITCH_NOT_CONTINUOUS, paid_on)
        return found._replace(questions=(*found.questions, LocalQuestion.CONTINUITY_UNKNOWN))
    if continuous < benefits.continuous_months:
        return _local(facts, ground, Rule.SWITCH_NOT_CONTINUOUS, paid_on)
    given, articles = benefits.switch_short_gap, ground.articles("switch_short_gap", "N11")
    if gap == 0:
        return no_gap(facts, ground, given, paid_on, articles)
    return short_gap(facts, ground, given, paid_on, articles, _local)


@law("N11-2", "J4")
def _local(facts: BenefitFacts, ground: Ground, rule: Rule, paid_on: date) -> Outcome:
    if facts.trafin_insutype == Insutype.EMPLOYEE:
        return _into_employees(facts, ground, rule, paid_on)
    return _into_residents(facts, ground, rule, paid_on)


@law("N11-2", "S54-1", "S54-2", "J4")
def _into_employees(facts: BenefitFacts, ground: Ground, rule: Rule, paid_on: date) -> Outcome:
    """The region's own rule; else S54-1, which only for who was in 310 before is a reading."""
    benefits = ground.benefits
    own = benefits.switch_into_employees
    if own is not None:
        return long_gap(rule, own, facts, paid_on, ground.articles("switch_into_employees", *_cited(rule, ground)))
    first = enrolled_first(facts, ground, paid_on)
    if first is None:
        return no_local_rule(rule, paid_on, is_capped=_is_capped(facts, ground))
    is_first = facts.was_employee_before is False
    if is_first or ground.reading("switch-into-employees") == "as-first-enrolment":
        return first._replace(rule=rule, articles=(*_cited(rule, ground), *first.articles))
    return _as_interrupted(facts, ground, rule, paid_on)


@law("S54-2")
def _as_interrupted(facts: BenefitFacts, ground: Ground, rule: Rule, paid_on: date) -> Outcome:
    found = ground.benefits.interrupted
    is_short = (facts.gap_months or 0) <= (found.short_months or 0)
    path, given = ("flexible_short", found.flexible_short) if is_short else ("flexible_long", found.flexible_long)
    if given is None:
        return no_local_rule(rule, paid_on, is_capped=_is_capped(facts, ground))
    return long_gap(rule, given, facts, paid_on, ground.articles(f"interrupted.{path}", *_cited(rule, ground)))


@law("N11-2", "S54-4", "J4")
def _into_residents(facts: BenefitFacts, ground: Ground, rule: Rule, paid_on: date) -> Outcome:
    """The region's own rule; else its rules for all residents, by reading."""
    own = ground.benefits.switch_into_residents
    if own is not None:
        articles = ground.articles("switch_into_residents", *_cited(rule, ground))
        return from_its_year(long_gap(rule, own, facts, paid_on, articles), facts)
    if ground.benefits.residents.late is None:
        return from_its_year(no_local_rule(rule, paid_on, is_capped=_is_capped(facts, ground)), facts)
    if ground.reading("switch-into-residents") == "no-waiting":
        return from_its_year(start(rule, _NEXT_MONTH, paid_on, _cited(rule, ground)), facts)
    if facts.insured_year is None:
        asked = (LocalQuestion.FACTS_MISSING,)
        return Outcome(Rule.FACTS_MISSING, _cited(rule, ground), questions=asked, missing=("insured_year",))
    found = residents(facts, ground, paid_on, facts.insured_year)
    return found._replace(rule=rule, articles=(*_cited(rule, ground), *found.articles))


@law("N11-2")
def _is_capped(facts: BenefitFacts, ground: Ground) -> bool:
    """N11's 6 months are meant for who was insured for 24 months without a break."""
    return facts.continuous_months is not None and facts.continuous_months >= ground.benefits.continuous_months


def _cited(rule: Rule, ground: Ground) -> tuple[str, ...]:
    """N11, and what a city says of switches after 24 months (J4); neither speaks of shorter insurance."""
    return ("N11",) if rule is Rule.SWITCH_NOT_CONTINUOUS else ground.articles("switch_short_gap", "N11")
