"""The rules about applications that a region's policy makes."""

from datetime import date, timedelta

from shared.eligibility.rules import ARREARS, EMPLOYER_ROLL, SAME_YEAR, Choice, EligibilityRules
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.readings import READINGS
from shared.registry.registry import Registry


def rules_of(policy: EffectivePolicy) -> EligibilityRules:
    """What ``policy`` lays down about applications, with its readings."""
    eligibility = policy.sections.eligibility
    return EligibilityRules(
        version=policy.version,
        facts_max_age=timedelta(hours=eligibility.facts_max_age_hours),
        is_same_city_not_needed=eligibility.same_city_employees_not_needed,
        settle_after_days=eligibility.settle_unknown_after_days,
        choices={name: _choice(policy, name) for name in (ARREARS, SAME_YEAR, EMPLOYER_ROLL)},
    )


def rules_for(registry: Registry, admdvs: str, on: date) -> EligibilityRules:
    """The rules of an area on a day (Shanghai).

    Raises ``PolicyMissing`` where the registry holds no policy yet: whoever asks is answered later, and never by rules
    that nobody has loaded. An area without a file of its own stands under its city's, province's or the nation's.
    """
    return rules_of(registry.policy(admdvs, on))


def _choice(policy: EffectivePolicy, name: str) -> Choice:
    chosen = policy.reading(name)
    others = tuple(value for value in READINGS[name].meanings if value != chosen.value)
    return Choice(chosen.value, chosen.is_set, others)
