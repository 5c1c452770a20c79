"""The facts as they would be on days that somebody assumes."""

from dataclasses import replace
from datetime import date

from inbound.domain.benefits.facts import BackPayment, BenefitFacts
from shared.law import law


@law("N11-1", "N11-2", "S54-4")
def if_paid(facts: BenefitFacts, pay_on: date, insured_year: int | None) -> BenefitFacts:
    """The interruption is paid for in full on ``pay_on``, and the first payment too where none has been made yet.

    ``insured_year`` is the year that a resident would pay for; not guessed from the day where it is left out.
    """
    paid = replace(facts, back_payment=BackPayment.FULL, back_paid_on=pay_on, as_of=pay_on)
    if facts.paid_on is not None:
        return paid
    return replace(paid, paid_on=pay_on, insured_year=insured_year)
