"""Where a sheet differs from the application, from our own records, or from the rules of annex 3 (N9 核对)."""

from collections.abc import Iterable, Iterator, Sequence

from shared.agency.known_person import HeldRecord
from shared.contracts.codes import AcctDisposition, ReturnCode
from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import InfoSheet, SheetFinding, SheetRow
from shared.contracts.model import Document
from shared.months import month_at, month_index
from shared.person_name import is_same_name

_MAY_OVERLAP = 1
"""Months that a row may share with our own periods of the same scheme: the month of the change itself (N5)."""

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
_SCHEME_OF_ROW = {"1": "310", "2": "390"}


class Difference(Document):
    """One difference: ``row`` counts from 1, ``proposal`` is the code to return it with, if it comes to that.

    ``is_error``: annex 3 does not allow it, so that the sheet can only be returned.
    """

    code: str
    row: int | None = None
    box: str
    message: str
    proposal: ReturnCode
    is_error: bool = False


def compare(
    sheet: InfoSheet, findings: Iterable[SheetFinding], held: HeldRecord | None, disposition: AcctDisposition
) -> list[Difference]:
    """Everything that a person has to look at; none means that the sheet may be accepted by itself."""
    found = [_of_finding(each) for each in findings if not each.is_warning]
    found += _amount_differences(sheet, held, disposition)
    if held is None:
        return [*found, _difference("D01", "head", "本地已查不到该参保人员", ReturnCode.OTHER)]
    return [*found, *_head_differences(sheet, held), *_overlaps(sheet, held.record.contributions)]


def _of_finding(finding: SheetFinding) -> Difference:
    proposal = _PROPOSALS.get(finding.code)
    if proposal is None:
        proposal = ReturnCode.ROWS if finding.row is not None or finding.box == "rows" else ReturnCode.OTHER
    return Difference(
        code=finding.code, row=finding.row, box=finding.box, message=finding.message, proposal=proposal, is_error=True
    )


def _head_differences(sheet: InfoSheet, held: HeldRecord) -> Iterator[Difference]:
    if not is_same_name(sheet.head.psn_name, held.record.psn_name):
        yield _difference("D02", "psn_name", "姓名与本地记录不一致", ReturnCode.IDENTITY)
    stated = {sheet.head.gend, held.record.gend} - {"9"}
    if len(stated) > 1:
        yield _difference("D03", "gend", "性别与本地记录不一致", ReturnCode.IDENTITY)


def _amount_differences(
    sheet: InfoSheet, held: HeldRecord | None, disposition: AcctDisposition
) -> Iterator[Difference]:
    amount, account = sheet.foot.acctfund_traf_amt, sheet.attachment.account
    if sheet.acct_disposition != disposition:
        yield _difference("D04", "acctfund_traf_amt", "余额去向与受理时告知的不一致", ReturnCode.AMOUNT)
    if sheet.acct_disposition is AcctDisposition.TRANSFER and account is not None and account.balc != amount:
        yield _difference("D05", "acctfund_traf_amt", "划转金额与所附个人账户余额不一致", ReturnCode.AMOUNT)
    if amount > 0 and held is not None and not _has_account(held, sheet.trafin_insutype):
        yield _difference("D06", "acctfund_traf_amt", "本地参保关系没有个人账户，余额无处计入", ReturnCode.AMOUNT)


def _has_account(held: HeldRecord, insutype: str) -> bool:
    return any(each.has_account for each in held.record.relations if each.insutype == insutype)


def _overlaps(sheet: InfoSheet, own: Sequence[Contribution]) -> Iterator[Difference]:
    months = _months_by_scheme(own)
    for row in sheet.rows:
        if row.admdvs == sheet.trafin_admdvs:
            # Who comes back brings our own periods along: the same ones, not double insurance.
            continue
        shared = sorted(months.get(_SCHEME_OF_ROW.get(row.row_type, ""), set()) & _months_of(row))
        if len(shared) > _MAY_OVERLAP:
            span = f"{month_at(shared[0])}至{month_at(shared[-1])}"
            message = f"与本地同一险种的缴费有{len(shared)}个月重复（{span}）"
            yield Difference(code="D07", row=row.row_no, box="accrym_begn", message=message, proposal=ReturnCode.ROWS)


def _months_of(row: SheetRow | Contribution) -> set[int]:
    return set(range(month_index(row.accrym_begn), month_index(row.accrym_end) + 1))


def _months_by_scheme(own: Iterable[Contribution]) -> dict[str, set[int]]:
    months: dict[str, set[int]] = {}
    for each in own:
        if not each.revs_flag:
            months.setdefault(each.insutype, set()).update(_months_of(each))
    return months


def _difference(code: str, box: str, message: str, proposal: ReturnCode) -> Difference:
    return Difference(code=code, box=box, message=message, proposal=proposal)
