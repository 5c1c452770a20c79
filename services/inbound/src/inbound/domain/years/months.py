"""Months counted once, however often they were paid (N12)."""

from collections.abc import Iterable
from dataclasses import dataclass

from inbound.domain.years.facts import DeemedPeriod, PaidPeriod, YearsFacts
from shared.contracts.codes import Insutype
from shared.law import law
from shared.months import month_index


@dataclass(frozen=True, slots=True)
class CountedMonths:
    """Distinct months: paid in 310, of those in the assessing area; recognised as deemed and not paid as well;
    claimed but not recognised; paid in 390, of those not in 310 too.
    """

    actual: int
    local_actual: int
    deemed: int
    not_recognised: int
    residents: int
    residents_beyond: int


@law("N12", "S54-2", "S54-3", "S54-6")
def count(facts: YearsFacts, *, do_deemed_count: bool) -> CountedMonths:
    """Months over all areas, back-paid ones too; 390 apart; deemed ones where recognised and not paid as well."""
    employee = [each for each in facts.paid if each.insutype == Insutype.EMPLOYEE]
    paid = months_of(employee)
    recognised = months_of(each for each in facts.deemed if each.is_recognised) if do_deemed_count else set()
    residents = months_of(each for each in facts.paid if each.insutype == Insutype.RESIDENT)
    claimed = months_of(each for each in facts.deemed if not each.is_recognised)
    return CountedMonths(
        actual=len(paid),
        local_actual=len(months_of(each for each in employee if each.admdvs == facts.trafin_admdvs)),
        deemed=len(recognised - paid),
        not_recognised=len(claimed - paid - recognised),
        residents=len(residents),
        residents_beyond=len(residents - paid - recognised),
    )


def months_of(periods: Iterable[PaidPeriod | DeemedPeriod]) -> set[int]:
    """The distinct months, as ``month_index`` counts them."""
    found: set[int] = set()
    for each in periods:
        found.update(range(month_index(each.accrym_begn), month_index(each.accrym_end) + 1))
    return found
