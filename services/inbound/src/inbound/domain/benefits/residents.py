"""Rules 5 and 6: into 390, from 390 elsewhere or from nowhere (S54-4, S54-5, J3). N11 has no rule for 390→390."""

from datetime import date

from inbound.domain.benefits.days import months_after
from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.ground import Ground
from inbound.domain.benefits.outcome import LocalQuestion, Outcome, Rule
from inbound.domain.benefits.starting import no_local_rule, start
from shared.contracts.codes import Insutype
from shared.law import design, law
from shared.registry.policy.benefits import FirstMonth, Residents, StartRule

_THIS_MONTH = StartRule(first_month=FirstMonth.OF_PAYMENT)
_NEXT_MONTH = StartRule(first_month=FirstMonth.AFTER_PAYMENT)


@law("S54-4", "S54-5", "J3")
def into_residents(facts: BenefitFacts, ground: Ground) -> Outcome | None:
    """By the residents' rules of the inbound region, whoever comes."""
    is_meant = facts.trafin_insutype == Insutype.RESIDENT
    if not is_meant or facts.paid_on is None or facts.insured_year is None:
        return None
    return residents(facts, ground, facts.paid_on, facts.insured_year)


@law("S54-4", "S54-5", "J3")
def residents(facts: BenefitFacts, ground: Ground, paid_on: date, year: int) -> Outcome:
    """Who pays for ``year``: newborn, in the window, of low income, anybody else: the first that fits."""
    rules = ground.benefits.residents
    if rules.late is None:
        return no_local_rule(Rule.RESIDENTS_LATE, paid_on, is_capped=False)
    found = (
        _newborn(facts, ground, paid_on)
        or _in_window(ground, paid_on, year)
        or _low_income(facts, ground, paid_on)
        or _newborn_late(facts, ground, paid_on)
        or start(Rule.RESIDENTS_LATE, rules.late, paid_on, ground.articles("residents.late"))
    )
    return _marked(found, year)


@law("S54-5")
def _newborn(facts: BenefitFacts, ground: Ground, paid_on: date) -> Outcome | None:
    """Registered and paid within 6 months of birth: from birth."""
    months = ground.benefits.residents.newborns.from_birth_months
    if not _is_within(facts, paid_on, months):
        return None
    articles = ground.articles("residents.newborns.from_birth_months")
    return Outcome(Rule.NEWBORN_FROM_BIRTH, articles, first_benefit_date=facts.brdy, waiting_months=0)


@law("S54-5")
def _newborn_late(facts: BenefitFacts, ground: Ground, paid_on: date) -> Outcome | None:
    """After that and within 12 months: from the month after payment."""
    rules = ground.benefits.residents.newborns
    if rules.late is None or not _is_within(facts, paid_on, rules.late_months):
        return None
    return start(Rule.NEWBORN_LATE, rules.late, paid_on, ground.articles("residents.newborns.late"))


def _is_within(facts: BenefitFacts, paid_on: date, months: int | None) -> bool:
    if facts.brdy is None or months is None:
        return False
    return max(facts.registered_on or paid_on, paid_on) <= months_after(facts.brdy, months)


@law("S54-4", "J3")
@design("who pays for a year before its window opens is insured from its first day")
def _in_window(ground: Ground, paid_on: date, year: int) -> Outcome | None:
    """Paid ahead of the year, in its window: from 1 January."""
    first_day, last_day = date(year, 1, 1), _last_month(ground.benefits.residents, year)
    if (paid_on.year, paid_on.month) > last_day:
        return None
    articles = ground.articles("residents.window_last_month")
    begins = max(first_day, paid_on.replace(day=1))
    found = Outcome(Rule.RESIDENTS_IN_WINDOW, articles, first_benefit_date=begins, waiting_months=0)
    if (paid_on.year, paid_on.month) < (year - 1, ground.benefits.residents.window_first_month or 1):
        return found._replace(questions=(LocalQuestion.PAID_BEFORE_WINDOW,))
    return found


def _last_month(rules: Residents, year: int) -> tuple[int, int]:
    first, last = rules.window_first_month or 1, rules.window_last_month or 12
    return (year - 1 if last >= first else year, last)


@law("S54-4", "J3")
def _low_income(facts: BenefitFacts, ground: Ground, paid_on: date) -> Outcome | None:
    """No wait; from which day on, the texts do not say."""
    if not facts.is_low_income or not ground.benefits.residents.are_low_income_exempt:
        return None
    is_at_once = ground.reading("low-income-first-day") == "month-of-payment"
    given = _THIS_MONTH if is_at_once else _NEXT_MONTH
    return start(Rule.RESIDENTS_LOW_INCOME, given, paid_on, ground.articles("residents.are_low_income_exempt"))


@design("who pays for a year to come is not insured before it, unless the interruption is paid for")
def from_its_year(found: Outcome, facts: BenefitFacts) -> Outcome:
    """``found`` by a rule that knows no years: of a resident, not before the year paid for."""
    year, begins = facts.insured_year, found.first_benefit_date
    if facts.trafin_insutype != Insutype.RESIDENT or year is None or begins is None or found.is_gap_reimbursed:
        return found
    return _marked(found._replace(first_benefit_date=max(begins, date(year, 1, 1))), year)


def _marked(found: Outcome, year: int) -> Outcome:
    begins = found.first_benefit_date
    return found._replace(does_outrun_year=begins is not None and begins > date(year, 12, 31))
