"""Checks of the rows, one by one and beside each other (N annex 3 with note 1)."""

from collections.abc import Iterator, Sequence

from shared.contracts.info_sheet import InfoSheet, SheetFinding, SheetRow
from shared.law import law
from shared.months import inclusive_span, month_index, month_of
from shared.sheet_rules.catalogue import sheet_finding
from shared.sheet_rules.context import SheetContext
from shared.sheet_rules.issuer_checks import check_issuers
from shared.sheet_rules.row_types import EMPLOYEE, OTHER, RESIDENT


@law("N annex 3")
def check_rows(sheet: InfoSheet, context: SheetContext) -> Iterator[SheetFinding]:
    """Findings of the rows; a sheet without any row has that one only."""
    if not sheet.rows:
        yield sheet_finding("E01")
        return
    this_month = month_of(context.today)
    for place, row in enumerate(sheet.rows, start=1):
        yield from _check_row(place, row, this_month)
    yield from _check_order(sheet.rows)
    yield from check_issuers(sheet.rows, context)
    for row_type in sorted({row.row_type for row in sheet.rows}):
        yield from _check_neighbours(sheet.rows, row_type)


def _check_row(place: int, row: SheetRow, this_month: str) -> Iterator[SheetFinding]:
    if row.row_no != place:
        yield sheet_finding("E02", row=place)
    if row.row_type not in {EMPLOYEE, RESIDENT, OTHER}:
        yield sheet_finding("E08", row=place)
    if row.row_type == OTHER and not (row.memo or "").strip():
        yield sheet_finding("E09", row=place)
    if row.row_type == EMPLOYEE and row.accrym_end > this_month:
        yield sheet_finding("E05", row=place)
    span = inclusive_span(row.accrym_begn, row.accrym_end)
    if span < 1:
        yield sheet_finding("E04", row=place)
    elif row.months < span:
        yield sheet_finding("E06", row=place, detail=f"起止年月之间为{span}个月")
    elif row.months > span:
        yield sheet_finding("E07", row=place, detail=f"起止年月之间为{span}个月")


def _check_order(rows: Sequence[SheetRow]) -> Iterator[SheetFinding]:
    for place in range(1, len(rows)):
        if rows[place].accrym_begn < rows[place - 1].accrym_begn:
            yield sheet_finding("E03", row=place + 1)


@law("N5")
def _check_neighbours(rows: Sequence[SheetRow], row_type: str) -> Iterator[SheetFinding]:
    """Overlaps and needless splits among the rows of one type; each row is held against the furthest before it."""
    numbered = [
        (place, row)
        for place, row in enumerate(rows, start=1)
        if row.row_type == row_type and row.accrym_begn <= row.accrym_end
    ]
    numbered.sort(key=lambda each: (each[1].accrym_begn, each[1].accrym_end))
    if not numbered:
        return
    furthest = numbered[0]
    for each in numbered[1:]:
        yield from _compare(*each, *furthest)
        if each[1].accrym_end >= furthest[1].accrym_end:
            furthest = each


def _compare(place: int, row: SheetRow, place_before: int, before: SheetRow) -> Iterator[SheetFinding]:
    end = min(row.accrym_end, before.accrym_end)
    shared_months = inclusive_span(row.accrym_begn, end)
    if shared_months > 1:
        detail = f"与第{place_before}行重叠{shared_months}个月（{row.accrym_begn}至{end}）"
        yield sheet_finding("E12", row=place, detail=detail)
    elif shared_months == 1:
        yield sheet_finding("W04", row=place, detail=f"与第{place_before}行同有{row.accrym_begn}")
    is_next = month_index(row.accrym_begn) == month_index(before.accrym_end) + 1
    if is_next and row.admdvs == before.admdvs and row.memo == before.memo:
        yield sheet_finding("W05", row=place)
