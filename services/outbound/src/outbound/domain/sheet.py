"""From a draft to the sheet that is sealed, and what the rules say of it."""

from collections.abc import Sequence
from datetime import date

from outbound.domain.case import Case
from outbound.domain.draft import AreaOf, Draft
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition
from shared.contracts.info_sheet import InfoSheet, SheetAttachment, SheetFinding, SheetFoot, SheetHead
from shared.law import law
from shared.money_cn import to_capital
from shared.sheet_rules import SheetContext, cannot_be_written, check_sheet, errors_of


def check_draft(
    case: Case, draft: Draft, opter_name: str, *, area: AreaOf, today: date, blocking: frozenset[str]
) -> list[SheetFinding]:
    """What the rules say of the sheet that the draft would make today if ``opter_name`` submitted it."""
    sheet = drafted_sheet(case, draft, opter_name, area=area, today=today)
    if sheet is None:
        return cannot_be_written(draft.rows, draft.expected_amount(case))
    return check_sheet(sheet, _context(case, area, today, blocking, drafted_amount=None))


def drafted_sheet(case: Case, draft: Draft, opter_name: str, *, area: AreaOf, today: date) -> InfoSheet | None:
    """The sheet that the draft would make today, ``None`` where no sheet can hold it."""
    amount = draft.expected_amount(case)
    if cannot_be_written(draft.rows, amount):
        return None
    return _build(case, draft, opter_name, amount, area, today)


@law("N8", "N annex 3")
def build_sheet(
    case: Case, draft: Draft, *, area: AreaOf, today: date, blocking: frozenset[str]
) -> tuple[InfoSheet | None, list[SheetFinding]]:
    """The sheet of an approved case with the frozen amount, and its findings; ``None`` when they hold errors."""
    unwritable = cannot_be_written(draft.rows, case.acctfund_traf_amt)
    if unwritable:
        return None, unwritable
    sheet = _build(case, draft, case.submitter_name or "", case.acctfund_traf_amt, area, today)
    drafted = _drafted_amount(case, draft)
    findings = check_sheet(sheet, _context(case, area, today, blocking, drafted_amount=drafted))
    if errors_of(findings):
        return None, findings
    return sheet.model_copy(update={"warnings": _texts(findings)}), findings


def _drafted_amount(case: Case, draft: Draft) -> int:
    """What who approved the draft expects of the frozen amount, in fen."""
    if case.correction_kind is None:
        return draft.expected_amount(case) + case.debited_amount
    return case.owed_amount or 0 if case.corrected_amount is None else case.corrected_amount


def _build(case: Case, draft: Draft, opter_name: str, amount: int, area: AreaOf, today: date) -> InfoSheet:
    agency = area(case.admdvs)
    return InfoSheet(
        rlts_traf_id=case.rlts_traf_id,
        version=case.sheet_version,
        trafout_admdvs=case.admdvs,
        trafin_admdvs=case.trafin_admdvs,
        trafout_insutype=case.trafout_insutype,
        trafin_insutype=case.trafin_insutype,
        head=SheetHead(psn_name=case.psn_name, psn_cert_type=case.psn_cert_type, certno=case.certno, gend=draft.gend),
        rows=draft.rows,
        foot=SheetFoot(
            acctfund_traf_amt_cn=to_capital(amount),
            acctfund_traf_amt=amount,
            opter_name=opter_name,
            tel=draft.tel,
            agency_name="" if agency is None else agency.name,
            issued_on=today,
        ),
        acct_disposition=case.acct_disposition,
        has_account=case.has_account,
        attachment=_attachment(case, draft),
    )


def _attachment(case: Case, draft: Draft) -> SheetAttachment:
    """The attachment with the balance that leaves, once it is frozen: N16's account, paid out in part or not."""
    account = draft.present_account or draft.attachment.account
    if account is None or case.frozen_balc is None:
        return draft.attachment
    is_transferred = case.acct_disposition is AcctDisposition.TRANSFER
    left = case.acctfund_traf_amt if is_transferred else case.frozen_balc
    frozen = account.model_copy(update={"balc": left})
    return draft.attachment.model_copy(update={"account": frozen})


def _context(
    case: Case, area: AreaOf, today: date, blocking: frozenset[str], *, drafted_amount: int | None
) -> SheetContext:
    return SheetContext(
        rlts_traf_id=case.rlts_traf_id,
        trafout_admdvs=case.admdvs,
        trafin_admdvs=case.trafin_admdvs,
        trafout_insutype=case.trafout_insutype,
        trafin_insutype=case.trafin_insutype,
        psn_name=case.psn_name,
        psn_cert_type=case.psn_cert_type,
        certno=case.certno,
        accepted_on=local_date(case.accepted_at),
        today=today,
        area=area,
        drafted_amount=drafted_amount,
        blocking_warnings=blocking,
    )


def _texts(findings: Sequence[SheetFinding]) -> tuple[str, ...]:
    return tuple(f"{finding.code} {finding.message}" for finding in findings)
