"""Where a sheet differs from the application, from our own records, or from the rules of annex 3 (N9 核对)."""

from collections.abc import Callable, Collection, Iterable, Iterator

from inbound.domain.overlaps import period_differences
from inbound.domain.sheet_difference import Difference, difference
from shared import certno
from shared.agency.known_person import HeldRecord
from shared.contracts.codes import AcctDisposition, Gend, ReturnCode
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.law import law
from shared.money import format_yuan
from shared.person_name import is_same_name

_PROPOSALS = {
    "E22": ReturnCode.IDENTITY,
    "E20": ReturnCode.IDENTITY,
    "E21": ReturnCode.IDENTITY,
    "E24": ReturnCode.NOT_OUR_CASE,
    "E13": ReturnCode.AMOUNT,
    "E14": ReturnCode.AMOUNT,
    "E15": ReturnCode.AMOUNT,
    "E26": ReturnCode.AMOUNT,
    "E23": ReturnCode.SEAL,
}


@law("N9-1")
def compare(
    sheet: InfoSheet,
    findings: Iterable[SheetFinding],
    held: HeldRecord | None,
    disposition: AcctDisposition,
    *,
    paid_flags: Collection[str],
    area_of: Callable[[str], str],
) -> list[Difference]:
    """Everything that a person has to look at; none means that the sheet may be accepted by itself.

    ``paid_flags`` are the ``clct_flag`` values that mean paid in our own records, ``area_of`` the pooling area of a
    code.
    """
    found = [_of_finding(each) for each in findings if not each.is_warning]
    found += _amount_differences(sheet, held, disposition)
    if held is None:
        return [*found, difference("D01", "head", "本地已查不到该参保人员", ReturnCode.OTHER)]
    return [*found, *_head_differences(sheet, held), *period_differences(sheet, held, paid_flags, area_of)]


def _of_finding(finding: SheetFinding) -> Difference:
    proposal = _PROPOSALS.get(finding.code)
    if proposal is None:
        proposal = ReturnCode.ROWS if finding.row is not None or finding.box == "rows" else ReturnCode.OTHER
    return Difference(
        code=finding.code,
        row=finding.row,
        box=finding.box,
        message=finding.message,
        proposal=proposal,
        is_error=True,
        articles=finding.articles,
    )


def _head_differences(sheet: InfoSheet, held: HeldRecord) -> Iterator[Difference]:
    head, record = sheet.head, held.record
    if not is_same_name(head.psn_name, record.psn_name):
        yield difference(
            "D02", "psn_name", "姓名与本地记录不一致", ReturnCode.IDENTITY, stated=head.psn_name, held=record.psn_name
        )
    if len({head.gend, record.gend} - {Gend.UNSTATED}) > 1:
        yield difference("D03", "gend", "性别与本地记录不一致", ReturnCode.IDENTITY, stated=head.gend, held=record.gend)
    born = sheet.attachment.brdy
    if born is not None and record.brdy is not None and born != record.brdy:
        stated, own = born.isoformat(), record.brdy.isoformat()
        yield difference("D08", "brdy", "出生日期与本地记录不一致", ReturnCode.IDENTITY, stated=stated, held=own)
    key = certno.person_key(head.psn_cert_type, head.certno)
    if key != certno.person_key(record.psn_cert_type, record.certno):
        yield difference(
            "D09", "certno", "证件与本地记录不一致", ReturnCode.IDENTITY, stated=head.certno, held=record.certno
        )


def _amount_differences(
    sheet: InfoSheet, held: HeldRecord | None, disposition: AcctDisposition
) -> Iterator[Difference]:
    amount = sheet.foot.acctfund_traf_amt
    if sheet.acct_disposition != disposition:
        yield difference("D04", "acctfund_traf_amt", "余额去向与受理时告知的不一致", ReturnCode.AMOUNT)
    balance = sheet.attachment.account.balc if sheet.attachment.account is not None else None
    if balance is not None and not _agrees(sheet, balance):
        message = "划转金额与所附个人账户余额不一致"
        yield difference(
            "D05",
            "acctfund_traf_amt",
            message,
            ReturnCode.AMOUNT,
            stated=format_yuan(amount),
            held=format_yuan(balance),
        )
    if amount > 0 and held is not None and not _has_account(held, sheet.trafin_insutype):
        yield difference("D06", "acctfund_traf_amt", "本地参保关系没有个人账户，余额无处计入", ReturnCode.AMOUNT)


def _agrees(sheet: InfoSheet, balance: int) -> bool:
    """A corrected version states the whole, whatever of it has been paid out of the account before."""
    if sheet.acct_disposition is not AcctDisposition.TRANSFER:
        return True
    amount = sheet.foot.acctfund_traf_amt
    return balance == amount if sheet.version == 1 else balance <= amount


def _has_account(held: HeldRecord, insutype: str) -> bool:
    return any(each.has_account for each in held.record.relations if each.insutype == insutype)
