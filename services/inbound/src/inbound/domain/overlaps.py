"""The sheet's periods beside our own: months insured twice, and months of ours that we do not have (N5, N9)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from inbound.domain.sheet_difference import Difference, difference
from shared.agency.known_person import HeldRecord
from shared.contracts.codes import ReturnCode
from shared.contracts.info_sheet import InfoSheet, SheetRow
from shared.law import law
from shared.months import month_set, months_of_set
from shared.sheet_rules import row_type_of

_MAY_OVERLAP = 1
"""Months that a row may share with other periods of its type: the month of the change itself (N5)."""
_COMPARED = ("1", "2")
"""Type 3 is a name for many schemes; what is in it does not exclude one another."""


_Insured = Mapping[tuple[str, str], int]
"""By area and type of row: the months (a ``month_set``)."""


@law("N5", "N9-1")
def period_differences(
    sheet: InfoSheet, held: HeldRecord, paid_flags: Collection[str], area_of: Callable[[str], str]
) -> Iterator[Difference]:
    """Rows that share more than one month with our own payments or with periods that another area told us of.

    Who comes back brings our own periods along: those rows must be in our records instead. The same area may tell
    the same period again, and a corrected version of this very case does. ``area_of`` says which pooling area a code
    belongs to: records name counties, and areas that have merged since.
    """
    insured = _by_pooling_area((*_recorded(held, paid_flags), *_taken_over(held, sheet.rlts_traf_id)), area_of)
    for row in sheet.rows:
        if row.row_type not in _COMPARED:
            continue
        admdvs = area_of(row.admdvs)
        months = month_set(row.accrym_begn, row.accrym_end)
        own = insured.get((held.admdvs, row.row_type), 0)
        if admdvs == held.admdvs:
            yield from _not_ours(row, months & ~own)
            continue
        others = _elsewhere(insured, row.row_type, admdvs, held.admdvs)
        yield from _twice("D07", row, months & own, "与本地同一险种的缴费")
        yield from _twice("D10", row, months & others, "与此前从其他统筹区转入的同一险种记录")


def _twice(code: str, row: SheetRow, months: int, with_what: str) -> Iterator[Difference]:
    if months.bit_count() <= _MAY_OVERLAP:
        return
    message = f"{with_what}有{months.bit_count()}个月重复（{_span(months)}）"
    stated = f"{row.accrym_begn}至{row.accrym_end}"
    yield difference(
        code,
        "accrym_begn",
        message,
        ReturnCode.ROWS,
        row=row.row_no,
        stated=stated,
        held=_span(months),
        articles=("N5", "N9"),
    )


def _not_ours(row: SheetRow, missing: int) -> Iterator[Difference]:
    if not missing:
        return
    message = f"所列本地参保月份中有{missing.bit_count()}个月本地没有缴费记录（{_span(missing)}）"
    yield difference(
        "D11", "accrym_begn", message, ReturnCode.ROWS, row=row.row_no, stated=f"{row.accrym_begn}至{row.accrym_end}"
    )


def _span(months: int) -> str:
    first, last = months_of_set(months)
    return f"{first}至{last}"


def _recorded(held: HeldRecord, paid_flags: Collection[str]) -> Iterator[tuple[str, str, int]]:
    for each in held.record.contributions:
        if not each.revs_flag and each.clct_flag in paid_flags:
            months = month_set(each.accrym_begn, each.accrym_end)
            yield each.poolarea_no or held.admdvs, row_type_of(each.insutype), months


def _taken_over(held: HeldRecord, rlts_traf_id: str) -> Iterator[tuple[str, str, int]]:
    for each in held.taken_over:
        if each.rlts_traf_id != rlts_traf_id and each.row.admdvs != held.admdvs:
            months = month_set(each.row.accrym_begn, each.row.accrym_end)
            yield each.row.admdvs, each.row.row_type, months


def _by_pooling_area(periods: Iterable[tuple[str, str, int]], area_of: Callable[[str], str]) -> _Insured:
    """A person has hundreds of payments under very few codes: each code is looked up once."""
    by_code: dict[tuple[str, str], int] = {}
    for code, row_type, months in periods:
        by_code[code, row_type] = by_code.get((code, row_type), 0) | months
    found: dict[tuple[str, str], int] = {}
    for (code, row_type), months in by_code.items():
        key = area_of(code), row_type
        found[key] = found.get(key, 0) | months
    return found


def _elsewhere(insured: _Insured, row_type: str, *but: str) -> int:
    found = 0
    for (admdvs, kind), months in insured.items():
        if kind == row_type and admdvs not in but:
            found |= months
    return found
