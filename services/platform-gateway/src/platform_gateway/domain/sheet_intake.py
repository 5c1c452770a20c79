"""Whether a verified sheet is the right one for its case (N annex 3; domain §5)."""

from collections.abc import Callable, Sequence
from datetime import date

from platform_gateway.domain.case import Case
from shared.clock import local_date
from shared.contracts.events import SheetIssued
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.errors import InvalidInput
from shared.sheet_rules import IssuingArea, SheetContext, check_document, check_sheet, errors_of
from shared.signing.errors import ContentUnreadable


class SheetNotTaken(InvalidInput):
    """The platform does not take a version in; ``findings`` name row and box where the content is at fault."""

    code = "sheet-not-taken"

    def __init__(self, message: str, *, code: str, findings: Sequence[SheetFinding] = ()) -> None:
        super().__init__(message, code=code)
        self.findings = tuple(findings)


def require_right(
    case: Case, event: SheetIssued, sheet: InfoSheet, *, today: date, area: Callable[[str], IssuingArea | None]
) -> None:
    """Returns when ``sheet`` is a newer version of ``case`` and breaks no rule; raises ``SheetNotTaken``.

    Numbers may be left out: a version that was refused keeps its number and its bytes. ``area`` looks a code up
    in the registry, abolished ones too.
    """
    if sheet.version <= case.sheet_version or event.sheet_version != sheet.version:
        raise SheetNotTaken(f"应为第 {case.sheet_version} 版之后的信息表", code="sheet-version-wrong")
    if event.amount != sheet.foot.acctfund_traf_amt:
        raise SheetNotTaken("消息所载金额与信息表不一致", code="sheet-amount-differs")
    if sheet.acct_disposition != case.acct_disposition:
        raise SheetNotTaken("个人账户余额处理方式与受理时不一致", code="sheet-disposition-differs")
    errors = errors_of(check_sheet(sheet, _context(case, today, area)))
    if errors:
        raise SheetNotTaken("信息表未通过核对", code="sheet-findings", findings=errors)


def unreadable(
    case: Case, error: ContentUnreadable, *, today: date, area: Callable[[str], IssuingArea | None]
) -> SheetNotTaken:
    """Why a sealed document is no sheet: every box that cannot be read, and what is wrong with the others."""
    if error.document is None:
        return SheetNotTaken(error.message, code=error.code, findings=error.findings)
    _, findings = check_document(error.document, _context(case, today, area))
    return SheetNotTaken(error.message, code=error.code, findings=errors_of(findings) or error.findings)


def _context(case: Case, today: date, area: Callable[[str], IssuingArea | None]) -> SheetContext:
    application = case.lodged["application"]
    if case.accepted_at is None:
        raise ValueError("a sheet belongs to an accepted case")
    return SheetContext(
        rlts_traf_id=case.rlts_traf_id,
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        trafout_insutype=case.trafout_insutype,
        trafin_insutype=case.trafin_insutype,
        psn_name=application["psn_name"],
        psn_cert_type=application["psn_cert_type"],
        certno=application["certno"],
        accepted_on=local_date(case.accepted_at),
        today=today,
        area=area,
    )
