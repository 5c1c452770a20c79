"""The daily and the monthly report as JSON."""

from datetime import date

from pydantic import BaseModel, Field

from ledger.domain.obligations import BookSide
from ledger.domain.reconciliation import (
    SECTION_NAMES,
    AccountDay,
    AgeTotal,
    Expectation,
    Section,
    SectionTotal,
    SuspenseCheck,
)
from ledger.domain.suspense import ADVICE, LineKind, SuspenseReason
from ledger.repository.reconciliation import BusinessItem, MoneyItem
from ledger.use_cases.reconcile_period import FullReport
from shared.ages import age_in_days, bracket_of
from shared.money import Fen


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


class AgeShown(BaseModel):
    """How many items and how much of a list have stood open for so long."""

    code: str
    name: str
    count: int
    amount: Fen

    @classmethod
    def of(cls, age: AgeTotal) -> "AgeShown":
        """As it is answered."""
        return cls(code=age.bracket.code, name=age.bracket.name, count=age.count, amount=age.amount_fen)


class ExpectationShown(BaseModel):
    """What was to be received or paid by sealed sheets against what the bank showed."""

    kind: LineKind
    expected: Fen = Field(description="应收或应付：本期已匹配加期末仍未到")
    matched: int
    matched_amount: Fen
    open: int
    open_amount: Fen
    carried: int = Field(description="期末未到中由以前结转的笔数")
    carried_amount: Fen

    @classmethod
    def of(cls, one: Expectation) -> "ExpectationShown":
        """As it is answered."""
        return cls(
            kind=one.kind,
            expected=one.expected_fen,
            matched=one.matched,
            matched_amount=one.matched_fen,
            open=one.open,
            open_amount=one.open_fen,
            carried=one.carried,
            carried_amount=one.carried_fen,
        )


class ReportItem(BaseModel):
    """One item of a list: a bank line, or an obligation that no money answers; ``days`` and ``age`` of open ones."""

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
    days: int | None = Field(default=None, description="至期末已挂多少天")
    age: str | None = Field(default=None, description="账龄分段代码")

    @classmethod
    def of_money(cls, item: MoneyItem, on: date) -> "ReportItem":
        """A bank line, as it stood at the end of ``on``."""
        reason = None if item.reason == Section.MATCHED else SuspenseReason(item.reason)
        days = None if reason is None else age_in_days(item.booked_on, on)
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
            days=days,
            age=None if days is None else bracket_of(days).code,
        )

    @classmethod
    def of_business(cls, item: BusinessItem, on: date) -> "ReportItem":
        """An obligation, as it stood at the end of ``on``."""
        days = age_in_days(item.known_on, on)
        return cls(
            kind="payment" if item.side == BookSide.PAYER else "receipt",
            rlts_traf_id=item.rlts_traf_id,
            obligation_no=item.obligation_no,
            amount=item.amount_fen,
            on=item.known_on,
            is_carried=item.is_carried,
            days=days,
            age=bracket_of(days).code,
        )


class ReportSection(BaseModel):
    """One list; ``count`` and ``total`` are of all of it, ``items`` may be cut off. What is open stands by age."""

    section: Section
    name: str
    count: int
    total: Fen
    carried: int
    carried_total: Fen
    ages: list[AgeShown]
    items: list[ReportItem]
    is_cut_off: bool

    @classmethod
    def of(cls, total: SectionTotal, items: list[ReportItem]) -> "ReportSection":
        """As it is answered."""
        return cls(
            section=total.section,
            name=SECTION_NAMES[total.section],
            count=total.count,
            total=total.amount_fen,
            carried=total.carried,
            carried_total=total.carried_fen,
            ages=[AgeShown.of(age) for age in total.ages],
            items=items,
            is_cut_off=len(items) < total.count,
        )


class ReconciliationReport(BaseModel):
    """The report of an agency from ``from_day`` to ``date``, both counted: of one day, or of a month."""

    admdvs: str
    from_day: date
    date: date
    adds_up: bool
    accounts: list[AccountDayShown]
    suspense: list[SuspenseCheckShown]
    expectations: list[ExpectationShown]
    sections: list[ReportSection]

    @classmethod
    def of(cls, report: FullReport) -> "ReconciliationReport":
        """As it is answered."""
        figures = report.figures
        items = {
            section: [ReportItem.of_money(one, figures.on) for one in rows] for section, rows in report.money.items()
        }
        items[Section.BUSINESS_WITHOUT_MONEY] = [ReportItem.of_business(one, figures.on) for one in report.business]
        return cls(
            admdvs=figures.admdvs,
            from_day=figures.since,
            date=figures.on,
            adds_up=figures.adds_up,
            accounts=[AccountDayShown.of(day) for day in figures.accounts],
            suspense=[SuspenseCheckShown.of(check) for check in figures.checks],
            expectations=[ExpectationShown.of(one) for one in figures.expectations],
            sections=[ReportSection.of(total, items.get(total.section, [])) for total in figures.sections],
        )
