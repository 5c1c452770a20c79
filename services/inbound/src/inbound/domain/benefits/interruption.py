"""Rule 4: who stopped paying in 310 and takes it up again in the same area, without a transfer (S54-2, J1)."""

from datetime import date

from inbound.domain.benefits.days import first_of
from inbound.domain.benefits.facts import BackPayment, BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.outcome import BackPaymentGives, Outcome, Rule
from inbound.domain.benefits.starting import no_gap, no_local_rule, start
from shared.contracts.codes import Insutype
from shared.law import law
from shared.months import month_index
from shared.registry.policy.benefits import StartRule


@law("S54-2", "J1")
def interruption(facts: BenefitFacts, ground: Ground) -> Outcome | None:
    """Benefits pause from the month after the first unpaid one, and come back by the region's rule.

    What is paid for the interruption counts for years alone.
    """
    is_meant = not facts.is_transfer and facts.trafin_insutype == facts.trafout_insutype == Insutype.EMPLOYEE
    gap = facts.gap_months
    if not is_meant or gap is None or facts.paid_on is None or facts.last_paid_ym is None:
        return None
    found = _resumed(facts, ground, gap, facts.paid_on)
    if gap == 0:
        return found
    paused_from = first_of(month_index(facts.last_paid_ym) + 2)
    return found._replace(paused_from=paused_from, back_payment_gives=BackPaymentGives.YEARS)


def _resumed(facts: BenefitFacts, ground: Ground, gap: int, paid_on: date) -> Outcome:
    if gap == 0:
        return no_gap(facts, ground, ground.benefits.short_gap, paid_on, ground.articles("interrupted.unit"))
    rules = ground.benefits.interrupted
    if not facts.is_flexible:
        return _once_paid_up(facts, ground, Rule.UNIT_RESUMES, "unit", rules.unit)
    if rules.short_months is None or gap <= rules.short_months:
        return _once_paid_up(facts, ground, Rule.FLEXIBLE_RESUMES, "flexible_short", rules.flexible_short)
    if rules.flexible_long is None:
        return no_local_rule(Rule.FLEXIBLE_RESUMES_LATE, paid_on, is_capped=False)
    articles = ground.articles("interrupted.flexible_long")
    return start(Rule.FLEXIBLE_RESUMES_LATE, rules.flexible_long, paid_on, articles)


@law("S54-2", "J1")
def _once_paid_up(facts: BenefitFacts, ground: Ground, rule: Rule, path: str, given: StartRule | None) -> Outcome:
    """Only after the arrears and the late fee are paid in full."""
    if given is None:
        return no_local_rule(rule, facts.paid_on or facts.as_of, is_capped=False)
    articles = ground.articles(f"interrupted.{path}")
    if facts.back_payment is not BackPayment.FULL:
        return Outcome(Rule.ARREARS_UNPAID, articles)
    return start(rule, given, facts.back_paid_on or facts.paid_on or facts.as_of, articles)
