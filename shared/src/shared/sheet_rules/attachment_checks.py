"""What the attachment of N16 says about the state of the person at sealing."""

from collections.abc import Iterator

from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.sheet_rules.catalogue import sheet_finding


def check_attachment(sheet: InfoSheet) -> Iterator[SheetFinding]:
    """Warnings from the relations of the scheme that is transferred: in hospital, open claims, arrears."""
    relations = [relation for relation in sheet.attachment.relations if relation.insutype == sheet.trafout_insutype]
    if any(relation.is_in_hospital for relation in relations):
        yield sheet_finding("W01")
    if any(relation.has_unsettled_claims for relation in relations):
        yield sheet_finding("W02")
    if any(relation.has_arrears for relation in relations):
        yield sheet_finding("W03")
