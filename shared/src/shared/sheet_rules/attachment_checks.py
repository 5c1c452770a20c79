"""What the attachment of N16 says: of the person's state at sealing, and whether it bears the sheet out."""

from collections.abc import Iterator

from shared import certno
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.law import design, law
from shared.money import format_yuan
from shared.months import month_set, months_of_set
from shared.sheet_rules.catalogue import sheet_finding
from shared.sheet_rules.row_types import row_type_of


def check_attachment(sheet: InfoSheet) -> Iterator[SheetFinding]:
    """Warnings only: the sheet itself is what is sealed and transferred, the attachment explains it."""
    yield from _check_state(sheet)
    yield from _check_payments(sheet)
    yield from _check_account(sheet)
    yield from _check_birthday(sheet)


@design("what is open at sealing is shown, and stops the sheet only where a region says so")
def _check_state(sheet: InfoSheet) -> Iterator[SheetFinding]:
    """In hospital, open claims, arrears, from the relations of the scheme that is transferred."""
    relations = [relation for relation in sheet.attachment.relations if relation.insutype == sheet.trafout_insutype]
    if any(relation.is_in_hospital for relation in relations):
        yield sheet_finding("W01")
    if any(relation.has_unsettled_claims for relation in relations):
        yield sheet_finding("W02")
    if any(relation.has_arrears for relation in relations):
        yield sheet_finding("W03")


@law("N8", "N16")
def _check_payments(sheet: InfoSheet) -> Iterator[SheetFinding]:
    """Rows whose months no payment of the detail bears out; a sheet without any detail is not judged."""
    paid: dict[str, int] = {}
    for each in sheet.attachment.contributions:
        if not each.revs_flag:
            row_type = row_type_of(each.insutype)
            paid[row_type] = paid.get(row_type, 0) | month_set(each.accrym_begn, each.accrym_end)
    if not paid:
        return
    for place, row in enumerate(sheet.rows, start=1):
        missing = month_set(row.accrym_begn, row.accrym_end) & ~paid.get(row.row_type, 0)
        if missing:
            first, last = months_of_set(missing)
            yield sheet_finding("W09", row=place, detail=f"共{missing.bit_count()}个月，在{first}至{last}之间")


@law("N16")
def _check_account(sheet: InfoSheet) -> Iterator[SheetFinding]:
    account = sheet.attachment.account
    if account is not None and account.is_summed() and account.summed() != account.balc:
        difference = format_yuan(account.balc - account.summed())
        yield sheet_finding("W10", box="attachment.account", detail=f"相差{difference}元")


@law("N16")
def _check_birthday(sheet: InfoSheet) -> Iterator[SheetFinding]:
    """A warning: people live whose files and cards never agreed."""
    stated = certno.birthday_of(sheet.head.psn_cert_type, sheet.head.certno)
    if sheet.attachment.brdy is not None and stated is not None and sheet.attachment.brdy != stated:
        yield sheet_finding("W11", box="attachment.brdy")
