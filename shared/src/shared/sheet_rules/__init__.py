"""The rules of N annex 3: what a sheet must satisfy, and how its rows are drafted from contribution records."""

from shared.sheet_rules.catalogue import FINDINGS, sheet_finding
from shared.sheet_rules.changes import changes_by_version, row_changes, sheet_changes
from shared.sheet_rules.check import check_sheet, errors_of
from shared.sheet_rules.context import IssuingArea, IssuingAreas, SheetContext
from shared.sheet_rules.document import check_document
from shared.sheet_rules.draft import DraftRules, draft_rows
from shared.sheet_rules.drafted import OMISSION_TEXTS, Drafted, LeftOut, Omission, RowSource
from shared.sheet_rules.making import MAX_ROWS, attachment_of, cannot_be_written
from shared.sheet_rules.obligation_numbers import (
    MAX_ADDENDA,
    TERMINATION_NO,
    addendum_obligation_no,
    is_addendum_obligation,
    next_obligation_no,
)
from shared.sheet_rules.row_types import row_type_of
from shared.sheet_rules.unreadable import unreadable_findings

__all__ = [
    "FINDINGS",
    "MAX_ADDENDA",
    "MAX_ROWS",
    "OMISSION_TEXTS",
    "TERMINATION_NO",
    "DraftRules",
    "Drafted",
    "IssuingArea",
    "IssuingAreas",
    "LeftOut",
    "Omission",
    "RowSource",
    "SheetContext",
    "addendum_obligation_no",
    "attachment_of",
    "cannot_be_written",
    "changes_by_version",
    "check_document",
    "check_sheet",
    "draft_rows",
    "errors_of",
    "is_addendum_obligation",
    "next_obligation_no",
    "row_changes",
    "row_type_of",
    "sheet_changes",
    "sheet_finding",
    "unreadable_findings",
]
