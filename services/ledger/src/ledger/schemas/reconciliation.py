"""The daily and the monthly report as JSON."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, Field

from ledger.domain.reconciliation import AccountDay, Expectation, ReasonTotal, SectionTotal, SuspenseCheck
from ledger.domain.report_lists import SECTION_NAMES, AgeTotal, OpenMovement, Section, Settling
from ledger.domain.suspense import ADVICE, LineKind, SuspenseReason
from ledger.domain.titles import Title
from ledger.repository.reconciliation_lists import ListedItem
from ledger.use_cases.reconcile_period import FIRST_ITEMS, FullReport
from shared.ages import age_in_days, bracket_of
from shared.money import Fen
from shared.web.paging import Page, page_of


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

    title: Title
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
    expected: Fen = Field(description="应收或应付：本期已匹配，减其中退回，加核销尾差，加期末仍未到")
    matched: int
    matched_amount: Fen
    came_back_amount: Fen = Field(description="本期已付中本期又被银行退回的")
    written_off_amount: Fen = Field(description="本期核销的尾差")
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
            came_back_amount=one.came_back_fen,
            written_off_amount=one.written_off_fen,
            open=one.open,
            open_amount=one.open_fen,
            carried=one.carried,
            carried_amount=one.carried_fen,
        )


class OpenMovementShown(BaseModel):
    """The open items of a list and kind: brought forward + added - settled = carried forward."""

    section: Section
    name: str
    kind: LineKind
    brought: int = Field(description="期初挂账笔数：上一期（日）末结转来的")
    brought_amount: Fen
    added: int = Field(description="期末仍挂而期初没有的笔数")
    added_amount: Fen
    settled: int = Field(description="期初挂账而期末已了结（或转入其他清单）的笔数")
    settled_amount: Fen
    carried_forward: int = Field(description="期末结转笔数，与该清单的笔数一致")
    carried_forward_amount: Fen

    @classmethod
    def of(cls, one: OpenMovement) -> "OpenMovementShown":
        """As it is answered."""
        return cls(
            section=one.section,
            name=SECTION_NAMES[one.section],
            kind=one.kind,
            brought=one.brought,
            brought_amount=one.brought_fen,
            added=one.added,
            added_amount=one.added_fen,
            settled=one.settled,
            settled_amount=one.settled_fen,
            carried_forward=one.count,
            carried_forward_amount=one.amount_fen,
        )


class ReasonShown(BaseModel):
    """How many items and how much of a list waits for one reason."""

    reason: SuspenseReason
    text: str
    count: int
    amount: Fen

    @classmethod
    def of(cls, one: ReasonTotal) -> "ReasonShown":
        """As it is answered."""
        return cls(reason=one.reason, text=ADVICE[one.reason].text, count=one.count, amount=one.amount_fen)


class ReportItem(BaseModel):
    """One item of a list: a bank line, or an obligation that no money answers; ``days`` and ``age`` of open ones."""

    line_id: str | None = None
    kind: LineKind
    rlts_traf_id: str | None
    obligation_no: str | None
    amount: Fen
    on: date
    reason: SuspenseReason | None = None
    reason_text: str | None = None
    difference: Fen | None = None
    owner: str | None = None
    is_carried: bool = Field(description="是否由以前日期结转")
    settled_as: Settling | None = Field(default=None, description="已匹配的：匹配业务、退回付款方、核销或冲抵")
    other_admdvs: str | None = Field(default=None, description="有单无款的：对方统筹区")
    days: int | None = Field(default=None, description="至期末已挂多少天")
    age: str | None = Field(default=None, description="账龄分段代码")

    @classmethod
    def of(cls, section: Section, item: ListedItem, on: date) -> "ReportItem":
        """As it stood at the end of ``on``."""
        days = None if section is Section.MATCHED else age_in_days(item.since, on)
        return cls(
            line_id=None if item.line_id is None else str(item.line_id),
            kind=item.kind,
            rlts_traf_id=item.rlts_traf_id,
            obligation_no=item.obligation_no,
            amount=item.amount_fen,
            on=item.since,
            reason=item.reason,
            reason_text=None if item.reason is None else ADVICE[item.reason].text,
            difference=item.difference_fen,
            owner=item.owner,
            is_carried=item.is_carried,
            settled_as=item.settled_as,
            other_admdvs=item.other_admdvs,
            days=days,
            age=None if days is None else bracket_of(days).code,
        )


def list_page(section: Section, items: Sequence[ListedItem], on: date, limit: int) -> Page[ReportItem]:
    """A page of a list, of which ``items`` has one more than ``limit`` if there are more."""
    return page_of(items, limit, lambda item: item.key, lambda item: ReportItem.of(section, item, on))


class ReportSection(BaseModel):
    """One list. The totals are of all of it, what is open by age and reason; ``items`` are its first page."""

    section: Section
    name: str
    count: int
    total: Fen
    carried: int
    carried_total: Fen
    ages: list[AgeShown]
    reasons: list[ReasonShown]
    items: list[ReportItem]
    next_cursor: str | None = Field(description="其余各笔由 …/lists/{section}?cursor= 逐页列出")

    @classmethod
    def of(cls, total: SectionTotal, first: Page[ReportItem]) -> "ReportSection":
        """As it is answered."""
        return cls(
            section=total.section,
            name=SECTION_NAMES[total.section],
            count=total.count,
            total=total.amount_fen,
            carried=total.carried,
            carried_total=total.carried_fen,
            ages=[AgeShown.of(age) for age in total.ages],
            reasons=[ReasonShown.of(reason) for reason in total.reasons],
            items=first.items,
            next_cursor=first.next_cursor,
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
    open_items: list[OpenMovementShown] = Field(description="未结款项：期初挂账 + 新增 - 了结 = 期末结转")
    sections: list[ReportSection]

    @classmethod
    def of(cls, report: FullReport) -> "ReconciliationReport":
        """As it is answered."""
        figures, period = report.figures, report.figures.period
        return cls(
            admdvs=period.admdvs,
            from_day=period.since,
            date=period.on,
            adds_up=figures.adds_up,
            accounts=[AccountDayShown.of(day) for day in figures.accounts],
            suspense=[SuspenseCheckShown.of(check) for check in figures.checks],
            expectations=[ExpectationShown.of(one) for one in figures.expectations],
            open_items=[OpenMovementShown.of(one) for one in figures.movements],
            sections=[
                ReportSection.of(
                    total, list_page(total.section, report.lists.get(total.section, ()), period.on, FIRST_ITEMS)
                )
                for total in figures.sections
            ],
        )
