"""Until when the outbound area still pays (S54-3)."""

from datetime import date

from inbound.domain.benefits.days import last_of
from inbound.domain.benefits.facts import BenefitFacts
from shared.contracts.codes import Insutype
from shared.law import law
from shared.months import month_index
from shared.registry.policy.effective import EffectivePolicy


@law("S54-3", "N13")
def outbound_pays_until(facts: BenefitFacts, outbound: EffectivePolicy | None) -> date | None:
    """The last day, by the policy of the area left; of a resident the day on which the cover ends.

    ``None`` where that region has not said, or the facts do not.
    """
    if facts.trafout_insutype == Insutype.RESIDENT:
        return facts.cover_ends_on
    if outbound is None or facts.last_paid_ym is None:
        return None
    benefits = outbound.sections.benefits
    is_said = (
        benefits.pays_until_last_paid_month_within_province
        if facts.is_within_province
        else benefits.pays_until_last_paid_month_across_provinces
    )
    return last_of(month_index(facts.last_paid_ym)) if is_said else None
