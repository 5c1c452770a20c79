"""An interruption of up to 3 months, for transfers inside 310 and for switches alike (N11)."""

from collections.abc import Callable
from datetime import date

from inbound.domain.benefits.back_payment import is_paid_in_time, last_day, may_still_pay
from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.outcome import BackPaymentGives, Outcome, Rule
from inbound.domain.benefits.residents import from_its_year
from inbound.domain.benefits.starting import back_paid, start
from shared.law import law
from shared.registry.policy.benefits import StartRule

LongRule = Callable[[BenefitFacts, Ground, Rule, date], Outcome]
"""What holds for over 3 months; the rule is what the outcome is to name as having decided."""


@law("N11-1", "N11-2", "S54-3", "J4")
def short_gap(
    facts: BenefitFacts, ground: Ground, given: StartRule, paid_on: date, articles: tuple[str, ...], long_rule: LongRule
) -> Outcome:
    """Paid for in full and in time: as N11 has it. Until then as if not, with what paying would bring."""
    until = last_day(facts, ground)
    paid_rule = Rule.SWITCH_SHORT_GAP if facts.is_switch else Rule.SHORT_GAP
    paid = back_paid(paid_rule, given, facts, paid_on, articles)
    if is_paid_in_time(facts, until):
        return paid
    unpaid = _unpaid(facts, ground, paid_on, articles, long_rule)
    if not may_still_pay(facts, until):
        return unpaid
    return unpaid._replace(back_payment_gives=BackPaymentGives.BENEFITS, back_pay_until=until, if_back_paid=paid)


@law("N11-1", "N11-2")
def _unpaid(
    facts: BenefitFacts, ground: Ground, paid_on: date, articles: tuple[str, ...], long_rule: LongRule
) -> Outcome:
    """Not, partly or too late paid: no text says, so a reading decides."""
    rule = Rule.SWITCH_SHORT_GAP_NOT_BACK_PAID if facts.is_switch else Rule.SHORT_GAP_NOT_BACK_PAID
    if ground.reading("short-gap-not-back-paid") == "no-waiting":
        return from_its_year(start(rule, ground.benefits.short_gap, paid_on, articles), facts)
    return long_rule(facts, ground, rule, paid_on)
