"""Checks of the foot: amount in both forms, who answers for the sheet, the date."""

from collections.abc import Iterator

from shared.contracts.codes import AcctDisposition
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.law import law
from shared.money_cn import NotAnAmountInCharacters, parse_capital
from shared.sheet_rules.catalogue import sheet_finding
from shared.sheet_rules.context import SheetContext


@law("N annex 3", "N8")
def check_foot(sheet: InfoSheet, context: SheetContext) -> Iterator[SheetFinding]:
    """Findings of the foot. A third decimal never comes this far: ``unreadable_findings`` names it (E29)."""
    yield from _check_amount(sheet, context)
    foot = sheet.foot
    if not foot.opter_name.strip():
        yield sheet_finding("E16")
    if not foot.tel.strip():
        yield sheet_finding("E17")
    if foot.issued_on < context.accepted_on:
        yield sheet_finding("E18")
    if foot.issued_on > context.today:
        yield sheet_finding("E19")
    agency = context.area(sheet.trafout_admdvs)
    if agency is not None and foot.agency_name != agency.name:
        yield sheet_finding("E25")


def _check_amount(sheet: InfoSheet, context: SheetContext) -> Iterator[SheetFinding]:
    amount = sheet.foot.acctfund_traf_amt
    if amount < 0:
        yield sheet_finding("E15")
    elif not _is_capital_of(sheet.foot.acctfund_traf_amt_cn, amount):
        yield sheet_finding("E13")
    if amount != 0 and not sheet.has_account:
        yield sheet_finding("E14")
    elif amount != 0 and sheet.acct_disposition is not AcctDisposition.TRANSFER:
        yield sheet_finding("E26")
    if context.drafted_amount is not None and context.drafted_amount != amount:
        yield sheet_finding("W06")


def _is_capital_of(text: str, amount: int) -> bool:
    try:
        return parse_capital(text) == amount
    except NotAnAmountInCharacters:
        return False
