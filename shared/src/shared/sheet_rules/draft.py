"""Draft the rows of a sheet from contribution records (N annex 3, note 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import SheetRow
from shared.months import inclusive_span, month_at, month_index
from shared.sheet_rules.row_types import EMPLOYEE, OTHER

_MAX_MONTHS_OF_A_RECORD = 1200
"""A record longer than a century is a slip of the pen; counting its months must stay bounded."""


@dataclass(frozen=True, slots=True)
class DraftRules:
    """Which records count and as which type (1 or 2); code lists are the agency's configuration.

    A scheme in neither mapping is drafted as type 3 with the record's memo, or else its code; those in
    ``other_insurances`` (pensions, injury, supplements) are no basic medical insurance and never on the sheet.
    """

    paid_flags: frozenset[str] = frozenset({"1"})
    row_types: Mapping[str, str] = field(default_factory=lambda: {"310": "1", "390": "2"})
    other_schemes: Mapping[str, str] = field(default_factory=lambda: {"392": "新型农村合作医疗"})
    other_insurances: frozenset[str] = frozenset(
        {"110", "120", "150", "210", "320", "330", "340", "350", "360", "370", "410", "510"}
    )


@dataclass(frozen=True, slots=True, order=True)
class _Issue:
    """Who recorded a month of one type, and what the memo must say of it."""

    area: str
    memo: str


DEFAULT_RULES = DraftRules()


def draft_rows(
    contributions: Iterable[Contribution],
    *,
    admdvs: str,
    agency_names: Mapping[str, str],
    this_month: str,
    rules: DraftRules = DEFAULT_RULES,
) -> tuple[SheetRow, ...]:
    """The rows that the paid, unreversed months of ``contributions`` make, numbered from 1 in time order.

    ``admdvs`` is the area that issued records without ``poolarea_no``; ``agency_names`` the registry's names
    by code, for a code outside it the record's own name stands; ``this_month`` (``YYYYMM``, Shanghai) is the
    last month of type 1, which cannot be paid ahead. A month counts once per type, however many employers or
    areas paid it: it stays with the area that had the month before, else with the lowest code. A break, a
    change of area and a change of type each begin a new row.
    """
    names: dict[str, str] = {}
    issues: dict[str, dict[int, set[_Issue]]] = {}
    for paid in contributions:
        if not _counts(paid, rules):
            continue
        row_type, memo = _type_and_memo(paid, rules)
        issue = _Issue(paid.poolarea_no or admdvs, memo)
        names[issue.area] = agency_names.get(issue.area) or names.get(issue.area) or paid.agency_name or ""
        for month in _months_of(paid, row_type, this_month):
            issues.setdefault(row_type, {}).setdefault(month, set()).add(issue)
    stretches = sorted(
        (begin, end, row_type, issue) for row_type, months in issues.items() for begin, end, issue in _stretches(months)
    )
    return tuple(_row(number, stretch, names) for number, stretch in enumerate(stretches, start=1))


def _counts(paid: Contribution, rules: DraftRules) -> bool:
    return paid.clct_flag in rules.paid_flags and not paid.revs_flag and paid.insutype not in rules.other_insurances


def _type_and_memo(paid: Contribution, rules: DraftRules) -> tuple[str, str]:
    if paid.insutype in rules.row_types:
        return rules.row_types[paid.insutype], ""
    return OTHER, rules.other_schemes.get(paid.insutype) or paid.memo or f"险种代码{paid.insutype}"


def _months_of(paid: Contribution, row_type: str, this_month: str) -> range:
    begin, end = month_index(paid.accrym_begn), month_index(paid.accrym_end)
    if row_type == EMPLOYEE:
        end = min(end, month_index(this_month))
    return range(begin, min(end, begin + _MAX_MONTHS_OF_A_RECORD - 1) + 1)


def _stretches(issues: Mapping[int, set[_Issue]]) -> list[tuple[int, int, _Issue]]:
    """Unbroken stretches ``(first month, last month, issue)`` of one type; each month is in exactly one."""
    found: list[tuple[int, int, _Issue]] = []
    for month in sorted(issues):
        candidates = issues[month]
        if found and found[-1][1] == month - 1 and found[-1][2] in candidates:
            found[-1] = (found[-1][0], month, found[-1][2])
        else:
            found.append((month, month, min(candidates)))
    return found


def _row(number: int, stretch: tuple[int, int, str, _Issue], names: Mapping[str, str]) -> SheetRow:
    begin, end, row_type, issue = stretch
    first, last = month_at(begin), month_at(end)
    return SheetRow(
        row_no=number,
        accrym_begn=first,
        accrym_end=last,
        row_type=row_type,
        months=inclusive_span(first, last),
        agency_name=names[issue.area],
        admdvs=issue.area,
        memo=issue.memo or None,
    )
