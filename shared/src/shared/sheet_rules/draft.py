"""Draft the rows of a sheet from contribution records (N annex 3, note 1), and say what became of each record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import SheetRow
from shared.law import design, law
from shared.months import inclusive_span, month_at, month_index, month_of
from shared.sheet_rules.context import IssuingAreas
from shared.sheet_rules.drafted import Drafted, LeftOut, Omission, RowSource
from shared.sheet_rules.issuers import Issuer, Issuers
from shared.sheet_rules.row_types import EMPLOYEE, OTHER, row_type_of

_MAX_MONTHS_OF_A_RECORD = 1200
"""A record longer than a century is a slip of the pen; counting its months must stay bounded."""
_MAX_MEMO = 200


@dataclass(frozen=True, slots=True)
class DraftRules:
    """Which records count; code lists are the agency's configuration.

    A scheme that is neither 310 nor 390 is drafted as type 3 with its name, or the record's memo, or else its code;
    those in ``other_insurances`` (pensions, injury, supplements) are no basic medical insurance and never on the sheet.
    """

    paid_flags: frozenset[str] = frozenset({"1"})
    other_schemes: Mapping[str, str] = field(default_factory=lambda: {"392": "新型农村合作医疗"})
    other_insurances: frozenset[str] = frozenset(
        {"110", "120", "150", "210", "320", "330", "340", "350", "360", "370", "410", "510"}
    )


class _Issue(NamedTuple):
    """Who recorded a month of one type, and what the memo must say of it."""

    issuer: Issuer
    memo: str


_Months = dict[int, dict[_Issue, list[str]]]
"""By month (``month_index``): who recorded it, and in which records (``rid``)."""

DEFAULT_RULES = DraftRules()


@law("N annex 3", "N8")
def draft_rows(
    contributions: Iterable[Contribution],
    *,
    admdvs: str,
    areas: IssuingAreas,
    today: date,
    rules: DraftRules = DEFAULT_RULES,
) -> Drafted:
    """The rows that the paid, unreversed months of ``contributions`` make, numbered from 1 in time order.

    ``admdvs`` is the area that issued records without ``poolarea_no``; ``areas`` the registry, whose code and name of
    the time stand in each row; ``today`` is Shanghai's: its month is the last of type 1, which cannot be paid ahead.
    A month counts where it accrues, however late it was paid, and once per type, however many employers or areas paid
    it: it stays with the area that had the month before, else with the lowest code. A break, a change of area and a
    change of type each begin a new row.
    """
    issuers = Issuers(admdvs, areas, today)
    last_employee_month = month_index(month_of(today))
    left_out: list[LeftOut] = []
    counted: list[str] = []
    by_type: dict[str, _Months] = {}
    for paid in contributions:
        omission = _omission(paid, rules)
        row_type = row_type_of(paid.insutype)
        months = _months_of(paid, last_employee_month if row_type == EMPLOYEE else None)
        if omission is None and not months:
            omission = Omission.NOT_YET
        if omission is not None:
            left_out.append(LeftOut(paid.rid, omission))
            continue
        counted.append(paid.rid)
        _add(by_type.setdefault(row_type, {}), paid, months, issuers, _memo_of(paid, row_type, rules))
    return _drafted(by_type, counted, left_out)


def _drafted(by_type: Mapping[str, _Months], counted: Iterable[str], left_out: Iterable[LeftOut]) -> Drafted:
    """The stretches of all types in time order; a record that is behind none of them was counted elsewhere."""
    stretches = sorted(
        (begin, end, row_type, issue, rids)
        for row_type, of_type in by_type.items()
        for begin, end, issue, rids in _stretches(of_type)
    )
    rows = tuple(_row(number, *stretch[:4]) for number, stretch in enumerate(stretches, start=1))
    sources = tuple(RowSource(number, tuple(stretch[4])) for number, stretch in enumerate(stretches, start=1))
    used = {rid for source in sources for rid in source.rids}
    twice = [LeftOut(rid, Omission.COUNTED_ELSEWHERE) for rid in dict.fromkeys(counted) if rid not in used]
    return Drafted(rows, sources, (*left_out, *twice))


@design("which codes mean paid, and which insurances are no basic medical insurance, is configuration")
def _omission(paid: Contribution, rules: DraftRules) -> Omission | None:
    """Why a record does not count at all."""
    if paid.revs_flag:
        return Omission.REVERSED
    if paid.clct_flag not in rules.paid_flags:
        return Omission.NOT_PAID
    if paid.insutype in rules.other_insurances:
        return Omission.OTHER_INSURANCE
    return Omission.END_BEFORE_BEGIN if paid.accrym_end < paid.accrym_begn else None


def _months_of(paid: Contribution, last: int | None) -> range:
    begin, end = month_index(paid.accrym_begn), month_index(paid.accrym_end)
    if last is not None:
        end = min(end, last)
    return range(begin, min(end, begin + _MAX_MONTHS_OF_A_RECORD - 1) + 1)


def _memo_of(paid: Contribution, row_type: str, rules: DraftRules) -> str:
    if row_type != OTHER:
        return ""
    return rules.other_schemes.get(paid.insutype) or (paid.memo or "").strip() or f"险种代码{paid.insutype}"


def _add(of_type: _Months, paid: Contribution, months: range, issuers: Issuers, memo: str) -> None:
    for month in months:
        issue = _Issue(issuers.of(paid.poolarea_no, month), memo)
        recorded = of_type.get(month)
        if recorded is None:
            of_type[month] = {issue: [paid.rid]}
        else:
            recorded.setdefault(issue, []).append(paid.rid)


def _stretches(months: _Months) -> Iterable[tuple[int, int, _Issue, list[str]]]:
    """Unbroken stretches ``(first month, last month, issue, records)`` of one type; each month is in exactly one."""
    found: list[tuple[int, int, _Issue, dict[str, None]]] = []
    for month in sorted(months):
        candidates = months[month]
        if found and found[-1][1] == month - 1 and found[-1][2] in candidates:
            begin, _, issue, rids = found[-1]
            found[-1] = (begin, month, issue, rids)
        else:
            issue, rids = min(candidates), {}
            found.append((month, month, issue, rids))
        rids.update(dict.fromkeys(candidates[issue]))
    return ((begin, end, issue, list(rids)) for begin, end, issue, rids in found)


def _row(number: int, begin: int, end: int, row_type: str, issue: _Issue) -> SheetRow:
    first, last = month_at(begin), month_at(end)
    memo = "；".join(part for part in (issue.memo, issue.issuer.note) if part)
    return SheetRow(
        row_no=number,
        accrym_begn=first,
        accrym_end=last,
        row_type=row_type,
        months=inclusive_span(first, last),
        agency_name=issue.issuer.agency_name,
        admdvs=issue.issuer.admdvs,
        memo=memo[:_MAX_MEMO] or None,
    )
