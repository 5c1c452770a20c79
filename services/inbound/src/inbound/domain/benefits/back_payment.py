"""Until when the interruption may be paid for (N11), and whether it has been in time."""

from datetime import date

from inbound.domain.benefits.days import index_of, last_of
from inbound.domain.benefits.facts import BackPayment, BenefitFacts
from inbound.domain.benefits.ground import Ground
from shared.law import law

_MONTHS_WITHOUT_A_RULE = 3


@law("N11-1", "N11-2", "N15", "S54-3")
def last_day(facts: BenefitFacts, ground: Ground) -> date | None:
    """The last day on which paying for the interruption brings benefits; ``None`` without one, or not known yet.

    The region's number of months after the month of completion; where it has set none, the reading decides. S54-3's
    own three months must not shorten what N11 gives.
    """
    months = ground.benefits.back_payment_months
    if months is None:
        if ground.reading("back-payment-last-day") == "no-last-day":
            return None
        months = _MONTHS_WITHOUT_A_RULE
    return None if facts.completed_on is None else last_of(index_of(facts.completed_on) + months)


@law("N11-1", "N11-2")
def is_paid_in_time(facts: BenefitFacts, until: date | None) -> bool:
    """In full, and not after the last day."""
    if facts.back_payment is not BackPayment.FULL:
        return False
    return until is None or facts.back_paid_on is None or facts.back_paid_on <= until


def may_still_pay(facts: BenefitFacts, until: date | None) -> bool:
    """Whether the last day has not passed and the interruption is not paid for in full."""
    return facts.back_payment is not BackPayment.FULL and (until is None or facts.as_of <= until)
