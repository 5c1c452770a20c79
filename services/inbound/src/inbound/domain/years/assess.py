"""The assessment: accumulated, required, short by, and how to close it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from inbound.domain.years.facts import YearsFacts
from inbound.domain.years.months import CountedMonths, count
from inbound.domain.years.requirement import Requirement, YearsQuestion, cited, requirement
from shared.law import law
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.readings import READINGS, ReadingChoice

_RESIDENTS = "resident-months"


class Way(StrEnum):
    """How missing months may be made up at retirement age."""

    PAY_REST_AT_ONCE = "pay_rest_at_once"
    GO_ON_MONTHLY = "go_on_monthly"


@dataclass(frozen=True, slots=True)
class Assessment:
    """Months counted and required. ``None``: a region has not said. ``short_months`` are missing in all,
    ``local_short_months`` in the area itself; ``is_reached`` only where both numbers are known and met.
    ``others`` are the meanings of readings, not excluded by the region, under which the outcome would change.
    """

    counted: CountedMonths
    accumulated_months: int
    required_months: int | None
    local_actual_required: int | None
    short_months: int | None
    local_short_months: int | None
    is_reached: bool | None
    ways: tuple[Way, ...]
    articles: tuple[str, ...]
    questions: tuple[YearsQuestion, ...]
    readings: tuple[ReadingChoice, ...]
    others: tuple[tuple[str, str], ...]
    policy_version: str

    @property
    def needs_local_decision(self) -> bool:
        """Whether no text decides, or only by a reading that the region has not set."""
        return bool(self.questions or self.others)


@law("N12", "S54-6", "S54-7")
def assess(facts: YearsFacts, policy: EffectivePolicy) -> Assessment:
    """How many months count by the assessing area's ``policy``, and what is missing."""
    counted = count(facts, do_deemed_count=policy.sections.years.do_deemed_months_count is True)
    required = requirement(facts, policy)
    choice = policy.reading(_RESIDENTS) if counted.residents_beyond else None
    accumulated = _accumulated(counted, choice.value if choice else None)
    short = _short(required.months, accumulated)
    local_short = _short(required.local_actual, counted.local_actual)
    ways = _ways(policy) if short else ()
    return Assessment(
        counted=counted,
        accumulated_months=accumulated,
        required_months=required.months,
        local_actual_required=required.local_actual,
        short_months=short,
        local_short_months=local_short,
        is_reached=_is_reached(short, local_short),
        ways=ways,
        articles=_articles(facts, policy, required, ways),
        questions=(*required.questions, *_questions(facts, policy, is_open=bool(local_short or (short and not ways)))),
        readings=(choice,) if choice else (),
        others=tuple(_others(choice, counted, required.months, short)),
        policy_version=policy.version,
    )


@law("N12")
def _accumulated(counted: CountedMonths, residents: str | None) -> int:
    beyond = counted.residents_beyond if residents == "counted" else 0
    return counted.actual + counted.deemed + beyond


def _short(required: int | None, have: int) -> int | None:
    return None if required is None else max(required - have, 0)


def _is_reached(short: int | None, local_short: int | None) -> bool | None:
    if short or local_short:
        return False
    return None if short is None or local_short is None else True


@law("S54-6")
def _ways(policy: EffectivePolicy) -> tuple[Way, ...]:
    """What the region offers to somebody who is short of months."""
    years = policy.sections.years
    offered = ((Way.PAY_REST_AT_ONCE, years.may_pay_rest_at_once), (Way.GO_ON_MONTHLY, years.may_go_on_monthly))
    return tuple(way for way, is_offered in offered if is_offered)


def _questions(facts: YearsFacts, policy: EffectivePolicy, *, is_open: bool) -> Iterator[YearsQuestion]:
    """``is_open``: months are missing, and no text says how to make them up (S54-6 speaks of the total alone)."""
    has_recognised = any(each.is_recognised for each in facts.deemed)
    if has_recognised and policy.sections.years.do_deemed_months_count is None:
        yield YearsQuestion.DEEMED_NOT_REGULATED
    if is_open:
        yield YearsQuestion.WAYS_NOT_REGULATED


def _articles(
    facts: YearsFacts, policy: EffectivePolicy, required: Requirement, ways: tuple[Way, ...]
) -> tuple[str, ...]:
    names = [*(["do_deemed_months_count"] if facts.deemed else []), *(["may_pay_rest_at_once"] if ways else [])]
    return tuple(dict.fromkeys((*required.articles, *cited(policy, *names))))


def _others(
    choice: ReadingChoice | None, counted: CountedMonths, required: int | None, short: int | None
) -> Iterator[tuple[str, str]]:
    if choice is None or choice.is_set:
        return
    for value in READINGS[choice.name].meanings:
        if value != choice.value and _short(required, _accumulated(counted, value)) != short:
            yield choice.name, value
