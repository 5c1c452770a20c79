"""Checks of the head: the case's person, a certificate that can be, and the case itself."""

from collections.abc import Iterator

from shared import certno
from shared.contracts.codes import Gend
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.law import law
from shared.person_name import is_same_name
from shared.sheet_rules.catalogue import sheet_finding
from shared.sheet_rules.context import SheetContext


@law("N annex 3", "N9-1")
def check_head(sheet: InfoSheet, context: SheetContext) -> Iterator[SheetFinding]:
    """Findings of the head, and of case number, areas and schemes that are not the case's."""
    yield from _check_case(sheet, context)
    head = sheet.head
    if not is_same_name(head.psn_name, context.psn_name):
        yield sheet_finding("E22", box="psn_name")
    sheet_person = certno.person_key(head.psn_cert_type, head.certno)
    if sheet_person != certno.person_key(context.psn_cert_type, context.certno):
        yield sheet_finding("E22", box="certno")
    yield from _check_certificate(sheet)


def _check_case(sheet: InfoSheet, context: SheetContext) -> Iterator[SheetFinding]:
    for box in ("rlts_traf_id", "trafout_admdvs", "trafin_admdvs", "trafout_insutype", "trafin_insutype"):
        if getattr(sheet, box) != getattr(context, box):
            yield sheet_finding("E24", box=box)


def _check_certificate(sheet: InfoSheet) -> Iterator[SheetFinding]:
    head = sheet.head
    for problem in certno.problems(head.psn_cert_type, head.certno):
        yield sheet_finding("W08" if problem.is_warning else "E21", detail=problem.message)
    stated = certno.gender_of(head.psn_cert_type, head.certno)
    if stated is not None and head.gend != Gend.UNSTATED and head.gend != stated:
        yield sheet_finding("E20")
