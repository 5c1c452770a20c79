"""Check a whole sheet (N annex 3, N5, N9)."""

from collections.abc import Iterable

from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.law import design, law
from shared.sheet_rules.attachment_checks import check_attachment
from shared.sheet_rules.context import SheetContext
from shared.sheet_rules.foot_checks import check_foot
from shared.sheet_rules.head_checks import check_head
from shared.sheet_rules.row_checks import check_rows


@law("N annex 3", "N5", "N9-1")
def check_sheet(sheet: InfoSheet, context: SheetContext) -> list[SheetFinding]:
    """Every error and warning of ``sheet`` at once, each with row and box, in the order of the paper form.

    An empty list, or one with warnings only, means that the sheet may be sealed or accepted.
    Warnings in ``context.blocking_warnings`` come back as errors under their own code.
    """
    found = [
        *check_head(sheet, context),
        *check_rows(sheet, context),
        *check_foot(sheet, context),
        *check_attachment(sheet),
    ]
    return [_made_blocking(finding, context.blocking_warnings) for finding in found]


def errors_of(findings: Iterable[SheetFinding]) -> list[SheetFinding]:
    """Only those findings that keep a sheet from being sealed or accepted."""
    return [finding for finding in findings if not finding.is_warning]


@design("a region may say that a warning stops the sheet")
def _made_blocking(finding: SheetFinding, blocking: frozenset[str]) -> SheetFinding:
    if finding.is_warning and finding.code in blocking:
        return finding.model_copy(update={"is_warning": False})
    return finding
