"""Checks of the issuing agency named in each row."""

from collections.abc import Iterator, Sequence

from shared.contracts.info_sheet import SheetFinding, SheetRow
from shared.law import law
from shared.sheet_rules.catalogue import sheet_finding
from shared.sheet_rules.context import SheetContext, may_issue


@law("N annex 3")
def check_issuers(rows: Sequence[SheetRow], context: SheetContext) -> Iterator[SheetFinding]:
    """Codes must be the registry's, of today or of the row's period; names too in the latest rows.

    In an older row (one that ends before the latest month on the sheet) another name is a warning only: the
    registry dates codes, not names, and agencies were renamed more often than areas.
    """
    latest = max(row.accrym_end for row in rows)
    for place, row in enumerate(rows, start=1):
        area = context.area(row.admdvs)
        if area is None or not may_issue(area, row.accrym_begn, row.accrym_end, context.today):
            yield sheet_finding("E10", row=place)
        elif row.agency_name != area.name:
            is_older = row.accrym_end < latest or row.agency_name in area.former_names
            yield sheet_finding("W07" if is_older else "E11", row=place)
