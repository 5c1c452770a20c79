"""The daily report as JSON and CSV."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, Field

from ledger.domain.obligations import BookSide
from ledger.domain.reconciliation import SECTION_NAMES, AccountDay, Section, SuspenseCheck
from ledger.domain.suspense import ADVICE, SuspenseReason
from ledger.repository.reconciliation import BusinessItem, MoneyItem
from ledger.use_cases.reconcile_day import FullReport
from shared.money import Fen, format_yuan


class AccountDayShown(BaseModel):
    """One bank account: opening + credits - debits = closing, and the books beside it."""

    bankacct: str
    is_told: bool = Field(description="当日是否有对账单")
    opening_balance: Fen | None
    credit_total: Fen
    debit_total: Fen
    line_count: int
    closing_balance: Fen | None
    books_balance: Fen
    difference: Fen | None
    adds_up: bool

    @classmethod
    def of(cls, day: AccountDay) -> "AccountDayShown":
        """As it is answered."""
        return cls(
            bankacct=day.bankacct,
            is_told=day.is_told,
            opening_balance=day.opening_fen,
            credit_total=day.credit_fen,
            debit_total=day.debit_fen,
            line_count=day.line_count,
            closing_balance=day.closing_fen,
            books_balance=day.books_fen,
            difference=day.difference_fen,
            adds_up=day.adds_up,
        )


class SuspenseCheckShown(BaseModel):
    """A suspense account against its open items."""

    title: str
    books_balance: Fen
    items_total: Fen
    adds_up: bool

    @classmethod
    def of(cls, check: SuspenseCheck) -> "SuspenseCheckShown":
        """As it is answered."""
        return cls(title=check.title, books_balance=check.books_fen, items_total=check.items_fen, adds_up=check.adds_up)


class ReportItem(BaseModel):
    """One item of a list: a bank line, or an obligation that no money answers."""

    line_id: str | None = None
    kind: str
    rlts_traf_id: str | None
    obligation_no: str | None
    amount: Fen
    on: date
    reason: SuspenseReason | None = None
    reason_text: str | None = None
    difference: Fen | None = None
    owner: str | None = None
    is_carried: bool = Field(description="是否由以前日期结转")

    @classmethod
    def of_money(cls, item: MoneyItem) -> "ReportItem":
        """A bank line."""
        reason = None if item.reason == Section.MATCHED else SuspenseReason(item.reason)
        return cls(
            line_id=str(item.line_id),
            kind=item.kind,
            rlts_traf_id=item.rlts_traf_id,
            obligation_no=item.obligation_no,
            amount=item.amount_fen,
            on=item.booked_on,
            reason=reason,
            reason_text=None if reason is None else ADVICE[reason].text,
            difference=item.difference_fen,
            owner=item.owner,
            is_carried=item.is_carried,
        )

    @classmethod
    def of_business(cls, item: BusinessItem) -> "ReportItem":
        """An obligation."""
        return cls(
            kind="payment" if item.side == BookSide.PAYER else "receipt",
            rlts_traf_id=item.rlts_traf_id,
            obligation_no=item.obligation_no,
            amount=item.amount_fen,
            on=item.known_on,
            is_carried=item.is_carried,
        )


class ReportSection(BaseModel):
    """One list; ``count`` and ``total`` are of all of it, ``items`` may be cut off."""

    section: Section
    name: str
    count: int
    total: Fen
    carried: int
    items: list[ReportItem]
    is_cut_off: bool


class ReconciliationReport(BaseModel):
    """The daily report of an agency."""

    admdvs: str
    date: date
    adds_up: bool
    accounts: list[AccountDayShown]
    suspense: list[SuspenseCheckShown]
    sections: list[ReportSection]

    @classmethod
    def of(cls, report: FullReport) -> "ReconciliationReport":
        """As it is answered."""
        figures = report.figures
        items = {section: [ReportItem.of_money(one) for one in rows] for section, rows in report.money.items()}
        items[Section.BUSINESS_WITHOUT_MONEY] = [ReportItem.of_business(one) for one in report.business]
        return cls(
            admdvs=figures.admdvs,
            date=figures.on,
            adds_up=figures.adds_up,
            accounts=[AccountDayShown.of(day) for day in figures.accounts],
            suspense=[SuspenseCheckShown.of(check) for check in figures.checks],
            sections=[
                ReportSection(
                    section=total.section,
                    name=SECTION_NAMES[total.section],
                    count=total.count,
                    total=total.amount_fen,
                    carried=total.carried,
                    items=items.get(total.section, []),
                    is_cut_off=len(items.get(total.section, [])) < total.count,
                )
                for total in figures.sections
            ],
        )


def as_csv(report: ReconciliationReport) -> str:
    """The report as CSV (RFC 4180) with a byte order mark, so that spreadsheets read the Chinese."""
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out).writerows(_rows(report))
    return out.getvalue()


def _rows(report: ReconciliationReport) -> Iterator[list[str]]:
    yield ["统筹区", report.admdvs, "日期", report.date.isoformat(), "是否平衡", _yes(is_true=report.adds_up)]
    yield ["银行账户", "期初余额", "收入", "支出", "笔数", "期末余额", "账面余额", "差额"]
    for day in report.accounts:
        amounts = (day.opening_balance, day.credit_total, day.debit_total)
        yield [
            day.bankacct,
            *map(_yuan, amounts),
            str(day.line_count),
            *map(_yuan, (day.closing_balance, day.books_balance, day.difference)),
        ]
    yield ["类别", "流水", "种类", "办件编号", "应付编号", "金额", "日期", "原因", "差额", "责任岗位", "结转"]
    for section in report.sections:
        yield [section.name, f"{section.count} 笔", "", "", "", _yuan(section.total)]
        for item in section.items:
            yield [
                section.name,
                item.line_id or "",
                item.kind,
                item.rlts_traf_id or "",
                item.obligation_no or "",
                _yuan(item.amount),
                item.on.isoformat(),
                item.reason_text or "",
                _yuan(item.difference),
                item.owner or "",
                _yes(is_true=item.is_carried),
            ]


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)


def _yes(*, is_true: bool) -> str:
    return "是" if is_true else "否"
