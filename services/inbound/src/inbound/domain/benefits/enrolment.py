"""Rule 3: for the first time in 310 (S54-1, J1)."""

from datetime import date

from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.outcome import Outcome, Rule
from inbound.domain.benefits.starting import no_local_rule, start
from shared.contracts.codes import Insutype
from shared.law import law


@law("S54-1", "J1")
def first_enrolment(facts: BenefitFacts, ground: Ground) -> Outcome | None:
    """Not insured before, now in 310."""
    if facts.trafin_insutype != Insutype.EMPLOYEE or facts.trafout_insutype is not None or facts.paid_on is None:
        return None
    found = enrolled_first(facts, ground, facts.paid_on)
    return no_local_rule(Rule.FIRST_ENROLMENT, facts.paid_on, is_capped=False) if found is None else found


@law("S54-1", "J1")
def enrolled_first(facts: BenefitFacts, ground: Ground, paid_on: date) -> Outcome | None:
    """As whoever pays into 310 for the first time; for flexible workers the region may have a word of its own.

    ``None`` where the region has said nothing.
    """
    given, flexible = ground.benefits.first_enrolment, ground.benefits.first_enrolment_flexible
    if facts.is_flexible and flexible is not None:
        return start(Rule.FIRST_ENROLMENT, flexible, paid_on, ground.articles("first_enrolment_flexible"))
    if given is None:
        return None
    return start(Rule.FIRST_ENROLMENT, given, paid_on, ground.articles("first_enrolment"))
