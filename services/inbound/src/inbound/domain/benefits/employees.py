"""Rule 1: 310→310, employees and flexible workers alike (N11, S54-3, J2)."""

from datetime import date

from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.outcome import Outcome, Rule
from inbound.domain.benefits.short_gap import short_gap
from inbound.domain.benefits.starting import long_gap, no_gap, no_local_rule
from shared.contracts.codes import Insutype
from shared.law import law
from shared.registry.policy.benefits import RuleReach, StartRule

_S54_COUNT = 3
"""3个月内 of S54-3, the month of 减员 being the first."""
_INSIDE = "long_gap_within_province"


@law("N11-1", "S54-3", "J2")
def between_employees(facts: BenefitFacts, ground: Ground) -> Outcome | None:
    """No interruption, one of up to 3 months, or a longer one."""
    is_meant = facts.is_transfer and facts.trafout_insutype == facts.trafin_insutype == Insutype.EMPLOYEE
    gap, paid_on = facts.gap_months, facts.paid_on
    if not is_meant or gap is None or paid_on is None:
        return None
    given, articles = ground.benefits.short_gap, _articles("short_gap", facts, ground)
    if gap == 0:
        return no_gap(facts, ground, given, paid_on, articles)
    if not _is_short(facts, gap, ground):
        return _long(facts, ground, Rule.LONG_GAP, paid_on)
    return short_gap(facts, ground, given, paid_on, articles, _long)


@law("N11-1", "N15", "S54-3")
def _is_short(facts: BenefitFacts, gap: int, ground: Ground) -> bool:
    """By N11's count, which governs (N15); where the region itself counts otherwise, that is a reading."""
    own_count = facts.months_from_suspension
    counts_otherwise = ground.benefits.counts_gap_from_suspension and _is_covered_by_province(facts, ground)
    if own_count is None or not counts_otherwise or ground.reading("gap-count") == "unpaid-months":
        return gap <= ground.benefits.short_gap_months
    return own_count <= _S54_COUNT


@law("N11-1")
def _long(facts: BenefitFacts, ground: Ground, rule: Rule, paid_on: date) -> Outcome:
    found = _local_rule(facts, ground)
    if found is None:
        return no_local_rule(rule, paid_on, is_capped=True)
    path, given = found
    return long_gap(rule, given, facts, paid_on, _articles(path, facts, ground))


@law("N11-1", "S54-3", "J2")
def _local_rule(facts: BenefitFacts, ground: Ground) -> tuple[str, StartRule] | None:
    """The region's rule for over 3 months, with its place in the policy."""
    across = ground.benefits.long_gap_across_provinces
    if not facts.is_within_province and across is not None:
        return "long_gap_across_provinces", across
    inside = ground.benefits.long_gap_within_province
    if inside is None or not _is_covered_by_province(facts, ground):
        return None
    return _INSIDE, inside


@law("S54-3", "J2")
def _is_covered_by_province(facts: BenefitFacts, ground: Ground) -> bool:
    """Whether the province's rule for transfers inside it covers this one: a reading where a city's text is unclear."""
    reach = ground.benefits.long_gap_reach
    if facts.is_within_province or reach is RuleReach.ANY_PROVINCE:
        return True
    if reach is RuleReach.WITHIN_PROVINCE:
        return False
    return ground.reading("long-gap-from-other-province") == "as-within-province"


def _articles(path: str, facts: BenefitFacts, ground: Ground) -> tuple[str, ...]:
    """N11, then what the region cites for this transfer."""
    cited = ground.articles(path, "N11")
    reaches_everybody = ground.benefits.long_gap_reach is not RuleReach.WITHIN_PROVINCE
    if facts.is_within_province:
        cited = ground.articles(_INSIDE, *cited)
    return ground.articles("long_gap_reach", *cited) if facts.is_within_province or reaches_everybody else cited
