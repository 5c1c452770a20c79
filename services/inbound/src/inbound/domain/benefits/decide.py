"""The decision: the rules in their order, and whether another reading would have given another outcome."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from inbound.domain.benefits.employees import between_employees
from inbound.domain.benefits.enrolment import first_enrolment
from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.interruption import interruption
from inbound.domain.benefits.outbound_side import outbound_pays_until
from inbound.domain.benefits.outcome import LocalQuestion, Outcome, Rule
from inbound.domain.benefits.residents import into_residents
from inbound.domain.benefits.switching import switch
from shared.contracts.codes import Insutype
from shared.law import law
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.readings import READINGS, ReadingChoice

RULES: tuple[Callable[[BenefitFacts, Ground], Outcome | None], ...] = (
    between_employees,
    switch,
    first_enrolment,
    interruption,
    into_residents,
)
"""In order: the first that fits decides."""


@dataclass(frozen=True, slots=True)
class OtherMeaning:
    """What would come out if the region read the texts otherwise."""

    reading: str
    value: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome with all that it rests on. ``others`` are the meanings, not excluded by the region, that would
    change it; ``outbound_pays_until`` is ``None`` where the outbound region has not said.
    """

    outcome: Outcome
    gap_months: int | None
    outbound_pays_until: date | None
    readings: tuple[ReadingChoice, ...]
    others: tuple[OtherMeaning, ...]
    policy_version: str

    @property
    def needs_local_decision(self) -> bool:
        """Whether no text decides, or only by a reading that the region has not set."""
        return bool(self.outcome.questions or self.others)


@law("N11-1", "N11-2", "S54-1", "S54-2", "S54-3", "S54-4", "S54-5", "J1", "J2", "J3", "J4")
def decide(facts: BenefitFacts, policy: EffectivePolicy, outbound: EffectivePolicy | None = None) -> Decision:
    """When benefits begin, by the inbound region's ``policy``; ``outbound`` is the policy of the area left."""
    ground = Ground(policy)
    outcome = apply_rules(facts, ground)
    return Decision(
        outcome=outcome,
        gap_months=facts.gap_months,
        outbound_pays_until=outbound_pays_until(facts, outbound),
        readings=tuple(ground.used.values()),
        others=tuple(_others(facts, ground, outcome)),
        policy_version=policy.version,
    )


def apply_rules(facts: BenefitFacts, ground: Ground) -> Outcome:
    """The outcome of the first rule that fits; what is missing where none does."""
    for rule in RULES:
        found = rule(facts, ground)
        if found is not None:
            return found
    return Outcome(Rule.FACTS_MISSING, (), questions=(LocalQuestion.FACTS_MISSING,), missing=tuple(_missing(facts)))


def _others(facts: BenefitFacts, ground: Ground, outcome: Outcome) -> Iterator[OtherMeaning]:
    key = _key(outcome)
    for choice in ground.used.values():
        if choice.is_set:
            continue
        for value in READINGS[choice.name].meanings:
            if value == choice.value:
                continue
            other = apply_rules(facts, ground.under(choice.name, value))
            if _key(other) != key:
                yield OtherMeaning(choice.name, value, other)


_seen = attrgetter(*(name for name in Outcome._fields if name not in ("rule", "articles", "if_back_paid")))
"""What a person would notice of an outcome."""


def _key(outcome: Outcome) -> tuple[object, ...]:
    paid = outcome.if_back_paid
    return _seen(outcome), None if paid is None else _seen(paid)


def _missing(facts: BenefitFacts) -> Iterator[str]:
    if facts.paid_on is None:
        yield "paid_on"
    if facts.trafout_insutype is not None and facts.last_paid_ym is None:
        yield "last_paid_ym"
    if facts.trafin_insutype == Insutype.RESIDENT and facts.insured_year is None:
        yield "insured_year"
