"""Whole months of insurance over all areas, counted once (N12: months accumulate)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from shared.contracts.facts import Contribution
from shared.months import month_index


@dataclass(frozen=True, slots=True)
class SchemeMonths:
    """Distinct months in one scheme, and how many of them were paid elsewhere."""

    insutype: str
    months: int
    months_elsewhere: int


def count_months(
    own: Iterable[Contribution], taken_over: Iterable[Contribution], paid_clct_flags: Collection[str]
) -> list[SchemeMonths]:
    """Plain months by scheme: a month paid twice counts once, reversed or unpaid ones do not count."""
    here = _months(each for each in own if each.clct_flag in paid_clct_flags and not each.revs_flag)
    elsewhere = _months(taken_over)
    return [
        SchemeMonths(
            insutype=insutype,
            months=len(here.get(insutype, set()) | elsewhere.get(insutype, set())),
            months_elsewhere=len(elsewhere.get(insutype, set()) - here.get(insutype, set())),
        )
        for insutype in sorted(here.keys() | elsewhere.keys())
    ]


def _months(contributions: Iterable[Contribution]) -> dict[str, set[int]]:
    months: dict[str, set[int]] = {}
    for each in contributions:
        covered = range(month_index(each.accrym_begn), month_index(each.accrym_end) + 1)
        months.setdefault(each.insutype, set()).update(covered)
    return months
