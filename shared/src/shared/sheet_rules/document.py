"""Check what should be a sheet and may be none: the faults of its form, and what the rules find in the rest of it."""

from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from shared.contracts.info_sheet import InfoSheet, SheetFinding, SheetFoot, SheetHead
from shared.law import law
from shared.sheet_rules.check import check_sheet
from shared.sheet_rules.context import SheetContext
from shared.sheet_rules.filling import MONTHS, Place, fill
from shared.sheet_rules.unreadable import place_of, unreadable_findings

_JUDGED_BY: Mapping[str, tuple[str, ...]] = {
    "certno": ("psn_cert_type",),
    "gend": ("psn_cert_type", "certno"),
    "agency_name": ("admdvs", "trafout_admdvs"),
    "admdvs": ("agency_name",),
    "acctfund_traf_amt": ("acct_disposition", "has_account"),
    "acctfund_traf_amt_cn": ("acctfund_traf_amt",),
}
"""By box, the others that it is judged by: where one of those cannot be read, nothing is said of it."""


@law("N annex 3", "N9-1")
def check_document(document: Any, context: SheetContext) -> tuple[InfoSheet | None, list[SheetFinding]]:
    """The sheet with all that ``check_sheet`` finds; for what cannot be read as one, ``None`` with every fault.

    ``document`` is JSON as Python reads it. Where only some boxes cannot be read, the others are checked as well, so
    that all findings come at once; none repeats or rests on what stood in an unreadable box.
    """
    try:
        sheet = InfoSheet.model_validate(document)
    except ValidationError as error:
        return None, [*unreadable_findings(error), *_of_the_rest(document, error, context)]
    return sheet, check_sheet(sheet, context)


def _of_the_rest(document: Any, error: ValidationError, context: SheetContext) -> Iterable[SheetFinding]:
    places = {place_of(fault["loc"]) for fault in error.errors(include_url=False, include_input=False)}
    if not isinstance(document, dict):
        return ()
    try:
        sheet = InfoSheet.model_validate(fill(deepcopy(document), places))
    except (ValidationError, RecursionError):
        # Nested absurdly: such a document has no boxes to speak of.
        return ()
    return [each for each in check_sheet(sheet, context) if not _rests_on(each, places)]


def _rests_on(finding: SheetFinding, places: Collection[Place]) -> bool:
    """Whether a place that was filled in is the finding's own, or one that it is judged by."""
    boxes = {finding.box, *_JUDGED_BY.get(finding.box, ())}
    if finding.row is not None:
        of_row = {box for _, row, box in places if row == finding.row}
        return bool(of_row & (boxes | MONTHS))
    outside = {box for _, row, box in places if row is None}
    return bool(outside & (boxes | {_part_of(finding.box)}))


def _part_of(box: str) -> str:
    if box in SheetHead.model_fields:
        return "head"
    return "foot" if box in SheetFoot.model_fields else box.partition(".")[0]
