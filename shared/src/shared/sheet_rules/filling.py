"""Fill the boxes of a sheet that cannot be read with something that can, so that the others can be checked."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shared.contracts.info_sheet import InfoSheet, SheetFoot, SheetHead, SheetRow

Place = tuple[str, int | None, str]
"""Part of the sheet, row from 1, box; as ``unreadable.place_of`` gives them."""

MONTHS = frozenset(("accrym_begn", "accrym_end", "rows"))
"""Boxes without which a row says nothing; ``rows`` is all of it."""
_FORMS: Mapping[str, Collection[str]] = {"head": SheetHead.model_fields, "foot": SheetFoot.model_fields}
_NO_TYPE = "0"
"""A type of no scheme: a row of it is no neighbour of any other."""
_EARLIEST = "190001"
_NEUTRAL: Mapping[str, Any] = {
    "schema_version": "1",
    "rlts_traf_id": "0000000000000000",
    "version": 1,
    "trafout_admdvs": "000000",
    "trafin_admdvs": "000000",
    "trafout_insutype": "310",
    "trafin_insutype": "310",
    "psn_name": "-",
    "psn_cert_type": "99",
    "certno": "000000",
    "gend": "9",
    "rows": [],
    "admdvs": "000000",
    "agency_name": "",
    "row_type": _NO_TYPE,
    "months": 1,
    "acctfund_traf_amt": "0.00",
    "acctfund_traf_amt_cn": "零元整",
    "opter_name": "-",
    "tel": "-",
    "issued_on": "2000-01-01",
    "acct_disposition": "transfer",
    "has_account": True,
    "attachment": {"psn_no": "0"},
}
"""By box: something that can be read. What is found of it is not told."""


def fill(document: dict[str, Any], places: Iterable[Place]) -> dict[str, Any]:
    """``document`` changed: what stands at ``places`` is filled in, or left out where the form has no such box."""
    of_rows: dict[int, set[str]] = {}
    for part, row, box in places:
        if part in _FORMS:
            _fill_form(document, part, box)
        elif row is not None:
            of_rows.setdefault(row, set()).add(box)
        else:
            _put(document, part, InfoSheet.model_fields)
    if of_rows:
        document["rows"] = _filled_rows(document["rows"], of_rows)
    return document


def _put(into: dict[str, Any], box: str, form: Collection[str]) -> None:
    """A box that the form does not have, or need not have, is left out."""
    into.pop(box, None)
    if box in form and box in _NEUTRAL:
        into[box] = _NEUTRAL[box]


def _fill_form(document: dict[str, Any], part: str, box: str) -> None:
    if box == part:
        document[part] = {name: _NEUTRAL[name] for name in _FORMS[part]}
    else:
        _put(document[part], box, _FORMS[part])


def _filled_rows(rows: list[Any], of_rows: Mapping[int, set[str]]) -> list[Any]:
    filled: list[Any] = []
    for number, row in enumerate(rows, start=1):
        boxes = of_rows.get(number, set())
        if boxes & MONTHS:
            month = filled[-1]["accrym_begn"] if filled else _EARLIEST
            form = ("agency_name", "admdvs", "row_type", "months")
            months = {"row_no": number, "accrym_begn": month, "accrym_end": month}
            filled.append(months | {name: _NEUTRAL[name] for name in form})
            continue
        for box in boxes:
            _put(row, box, SheetRow.model_fields)
        row.setdefault("row_no", number)
        filled.append(row)
    return filled
