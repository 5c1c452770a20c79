"""A sheet that cannot even be read as one: still every fault with its row and box."""

from pydantic import ValidationError

from shared.contracts.info_sheet import SheetFinding
from shared.law import law
from shared.sheet_rules.catalogue import sheet_finding
from shared.web.validation import field_errors

_MAX_FINDINGS = 200
_CODES = {
    ("rows", "row_type"): "E08",
    ("rows", "admdvs"): "E10",
    ("foot", "acctfund_traf_amt"): "E29",
    ("foot", "opter_name"): "E16",
    ("foot", "tel"): "E17",
    ("foot", "issued_on"): "E30",
}


@law("N annex 3")
def unreadable_findings(error: ValidationError) -> list[SheetFinding]:
    """The findings of a document that is no ``InfoSheet``; at most 200, and never a value that stood in it."""
    found = []
    for fault in error.errors(include_url=False, include_input=False)[:_MAX_FINDINGS]:
        part, row, box = place_of(fault["loc"])
        if (part, box, fault["type"]) == ("rows", "rows", "too_long"):
            found.append(sheet_finding("E27"))
            continue
        [problem] = field_errors([fault])
        found.append(sheet_finding(_CODES.get((part, box), "E31"), row=row, box=box, detail=problem.message))
    return found


def place_of(loc: tuple[int | str, ...]) -> tuple[str, int | None, str]:
    """Part of the sheet, row (from 1) and box that a location lies in; the part's own name for all of it."""
    part = str(loc[0]) if loc else "sheet"
    names = [str(each) for each in loc[1:] if isinstance(each, str)]
    if part == "rows":
        row = loc[1] + 1 if len(loc) > 1 and isinstance(loc[1], int) else None
        return part, row, names[0] if names else "rows"
    if part in ("head", "foot") and names:
        return part, None, names[0]
    return part, None, ".".join((part, *(str(each) for each in loc[1:])))
