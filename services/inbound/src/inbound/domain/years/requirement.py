"""What the region requires (N12, S54-6, S54-7)."""

from dataclasses import dataclass
from enum import StrEnum

from inbound.domain.years.facts import YearsFacts
from shared.contracts.codes import Gend
from shared.law import law
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.years import Years


class YearsQuestion(StrEnum):
    """Why a local decision is needed, apart from readings."""

    NO_LOCAL_NUMBER = "no-local-number"
    NO_LOCAL_ACTUAL_NUMBER = "no-local-actual-number"
    GENDER_UNSTATED = "gender-unstated"
    DEEMED_NOT_REGULATED = "deemed-not-regulated"
    WAYS_NOT_REGULATED = "ways-not-regulated"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Months required in all, and in the area itself; ``None`` where the region has not said."""

    months: int | None
    local_actual: int | None
    articles: tuple[str, ...]
    questions: tuple[YearsQuestion, ...]


@law("N12", "S54-6", "S54-7")
def requirement(facts: YearsFacts, policy: EffectivePolicy) -> Requirement:
    """The number for this person and, after a transfer from within or outside the province, of local months."""
    years, questions = policy.sections.years, []
    name, months = _number(facts.gend, years)
    if name is None:
        questions.append(YearsQuestion.GENDER_UNSTATED)
    elif months is None or not _is_areas_own(name, facts, policy):
        questions.append(YearsQuestion.NO_LOCAL_NUMBER)
    here = years.local_actual_months
    local = here.within_province if facts.is_within_province else here.across_provinces
    if local is None:
        questions.append(YearsQuestion.NO_LOCAL_ACTUAL_NUMBER)
    articles = cited(policy, name, "local_actual_months.within_province", "local_actual_months.across_provinces")
    return Requirement(months, local, articles, tuple(questions))


def _number(gend: str, years: Years) -> tuple[str | None, int | None]:
    if gend == Gend.MALE:
        return "men_months", years.men_months
    if gend == Gend.FEMALE:
        return "women_months", years.women_months
    return None, None


@law("S54-6")
def _is_areas_own(name: str, facts: YearsFacts, policy: EffectivePolicy) -> bool:
    """Until the transition ends, the number of whoever set the transition is not yet that of each area."""
    until = policy.sections.years.transition_until
    if until is None or facts.as_of > until:
        return True
    return policy.origins[f"years.{name}"].region != policy.origins["years.transition_until"].region


def cited(policy: EffectivePolicy, *names: str | None) -> tuple[str, ...]:
    """N12, then what the regions that set these values name as their ground."""
    found = dict.fromkeys(("N12",))
    for name in names:
        origin = policy.origins.get(f"years.{name}")
        found |= dict.fromkeys(origin.articles if origin else ())
    return tuple(found)
