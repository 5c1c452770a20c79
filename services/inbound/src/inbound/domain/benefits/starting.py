"""From a rule of the policy to days."""

from datetime import date, timedelta

from inbound.domain.benefits.days import first_of, index_of
from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.outcome import BackPaymentGives, LocalQuestion, Outcome, Rule
from shared.law import design, law
from shared.months import month_index
from shared.registry.policy.benefits import LONGEST_WAIT_MONTHS, FirstMonth, StartRule


def start(
    rule: Rule,
    given: StartRule,
    paid_on: date,
    articles: tuple[str, ...],
    gives: BackPaymentGives = BackPaymentGives.NOTHING,
) -> Outcome:
    """Benefits by ``given`` after a payment on ``paid_on``; ``gives`` is what paying for an interruption brings."""
    return Outcome(rule, articles, first_day(given, paid_on), given.waiting_months, back_payment_gives=gives)


@law("N11-1", "N11-2")
@design("without an interruption benefits run from the first month paid for, if that was paid for within the 3 months")
def no_gap(facts: BenefitFacts, ground: Ground, given: StartRule, paid_on: date, articles: tuple[str, ...]) -> Outcome:
    """Benefits go on: a month collected a little later leaves no hole, and a year paid ahead begins with the year."""
    found = start(Rule.NO_GAP, given, paid_on, articles)
    covered = facts.first_covered_ym
    if covered is None or index_of(paid_on) - month_index(covered) > ground.benefits.short_gap_months:
        return found
    return found._replace(first_benefit_date=first_of(month_index(covered)))


def first_day(given: StartRule, paid_on: date) -> date:
    """The first day of benefits by ``given`` after a payment on ``paid_on``."""
    later = 1 if given.first_month is FirstMonth.AFTER_PAYMENT else 0
    return first_of(index_of(paid_on) + later + given.waiting_months)


@law("N11-1", "N11-2")
def back_paid(rule: Rule, given: StartRule, facts: BenefitFacts, paid_on: date, articles: tuple[str, ...]) -> Outcome:
    """No wait, and the interruption is reimbursed from its first day until benefits begin (追溯享受)."""
    begins = first_day(given, paid_on)
    gap_begins = begins if facts.last_paid_ym is None else first_of(month_index(facts.last_paid_ym) + 1)
    has_gap = gap_begins < begins
    return Outcome(
        rule,
        articles,
        first_benefit_date=begins,
        waiting_months=given.waiting_months,
        is_gap_reimbursed=True,
        reimbursed_from=gap_begins if has_gap else None,
        reimbursed_until=begins - timedelta(days=1) if has_gap else None,
        back_payment_gives=BackPaymentGives.BENEFITS,
    )


@law("N11-1", "N11-2", "S54-3")
def long_gap(rule: Rule, given: StartRule, facts: BenefitFacts, paid_on: date, articles: tuple[str, ...]) -> Outcome:
    """Over 3 months: the region's rule. What is paid for the interruption counts for years alone (S54-3)."""
    if given.is_gap_reimbursed:
        return back_paid(rule, given, facts, paid_on, articles)
    gives = BackPaymentGives.YEARS if facts.gap_months else BackPaymentGives.NOTHING
    return start(rule, given, paid_on, articles, gives)


@law("N11-1", "N11-2")
@design("what to go on with where a region has set no rule: N11's 6 months")
def no_local_rule(rule: Rule, paid_on: date, *, is_capped: bool) -> Outcome:
    """The region has set nothing. N11 lets nobody wait longer than 6 months, where it ``is_capped`` at all."""
    asked = (LocalQuestion.NO_LOCAL_RULE,)
    if not is_capped:
        return Outcome(rule, ("N11",), questions=asked)
    begun = first_of(index_of(paid_on) + LONGEST_WAIT_MONTHS)
    return Outcome(rule, ("N11",), begun, LONGEST_WAIT_MONTHS, questions=asked)
