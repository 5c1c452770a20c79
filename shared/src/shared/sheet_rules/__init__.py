"""The rules of N annex 3: what a sheet must satisfy, and how its rows are drafted from contribution records."""

from shared.sheet_rules.catalogue import FINDINGS, sheet_finding
from shared.sheet_rules.check import check_sheet, errors_of
from shared.sheet_rules.context import IssuingArea, SheetContext
from shared.sheet_rules.draft import DraftRules, draft_rows
from shared.sheet_rules.obligation_numbers import next_obligation_no

__all__ = [
    "FINDINGS",
    "DraftRules",
    "IssuingArea",
    "SheetContext",
    "check_sheet",
    "draft_rows",
    "errors_of",
    "next_obligation_no",
    "sheet_finding",
]
