"""The daily and the monthly report: does the bank add up, do the books agree, and what does not with the business."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.domain.suspense import LineKind, SuspenseReason
from ledger.domain.titles import Title
from shared.ages import AGE_BRACKETS, AgeBracket


class Section(StrEnum):
    """The lists of the report."""

    MATCHED = "matched"
    MONEY_WITHOUT_BUSINESS = "money_without_business"
    BUSINESS_WITHOUT_MONEY = "business_without_money"
    DIFFERENCES = "differences"
    DUPLICATES = "duplicates"


SECTION_NAMES = {
    Section.MATCHED: "已匹配",
    Section.MONEY_WITHOUT_BUSINESS: "有款无单",
    Section.BUSINESS_WITHOUT_MONEY: "有单无款",
    Section.DIFFERENCES: "金额或对象不符",
    Section.DUPLICATES: "疑似重复",
}


class Settling(StrEnum):
    """How an item of what was matched was settled."""

    CLAIM = "claim"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    OFFSET = "offset"


SETTLING_NAMES = {
    Settling.CLAIM: "匹配业务",
    Settling.REFUND: "退回付款方",
    Settling.WRITE_OFF: "核销",
    Settling.OFFSET: "冲抵",
}

_DIFFERENCES = frozenset(
    {
        SuspenseReason.AMOUNT_DIFFERS,
        SuspenseReason.PAYER_DIFFERS,
        SuspenseReason.PAYEE_DIFFERS,
        SuspenseReason.NAME_DIFFERS,
        SuspenseReason.PARTLY_MATCHED,
        SuspenseReason.MATCH_UNDONE,
    }
)
_DUPLICATES = frozenset(
    {SuspenseReason.ALREADY_SETTLED, SuspenseReason.SEVERAL_CANDIDATES, SuspenseReason.PAID_AFTER_REJECTION}
)


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Whose report, from ``since`` to ``on``, both counted: one day where both are one, or a month."""

    admdvs: str
    since: date
    on: date


def section_of(reason: SuspenseReason) -> Section:
    """Which list money in suspense stands in."""
    if reason in _DIFFERENCES:
        return Section.DIFFERENCES
    if reason in _DUPLICATES:
        return Section.DUPLICATES
    return Section.MONEY_WITHOUT_BUSINESS


def reasons_of(section: Section) -> list[SuspenseReason]:
    """Why the money waits that stands in a list; none for the lists that are not of money in suspense."""
    if section in (Section.MATCHED, Section.BUSINESS_WITHOUT_MONEY):
        return []
    return [reason for reason in SuspenseReason if section_of(reason) is section]


@dataclass(frozen=True, slots=True)
class AccountDay:
    """One bank account on one day, or over a month, in fen; the bank's are ``None`` where no statement tells."""

    bankacct: str
    opening_fen: int | None
    credit_fen: int
    debit_fen: int
    line_count: int
    closing_fen: int | None
    books_fen: int

    @property
    def is_told(self) -> bool:
        """Whether a statement covers the day."""
        return self.closing_fen is not None

    @property
    def difference_fen(self) -> int | None:
        """The bank less the books; ``None`` where the bank has not told the day."""
        return None if self.closing_fen is None else self.closing_fen - self.books_fen

    @property
    def adds_up(self) -> bool:
        """Opening plus lines is closing, and the books agree."""
        if self.opening_fen is None or self.closing_fen is None:
            return self.line_count == 0
        return self.opening_fen + self.credit_fen - self.debit_fen == self.closing_fen == self.books_fen


@dataclass(frozen=True, slots=True)
class SuspenseCheck:
    """A suspense account's balance against the open items that make it up, both in fen."""

    title: Title
    books_fen: int
    items_fen: int

    @property
    def adds_up(self) -> bool:
        """Whether every fen in suspense has an item."""
        return self.books_fen == self.items_fen


@dataclass(frozen=True, slots=True)
class Tally:
    """Items of one list, reason and kind that are of one age, in fen.

    ``bracket`` is its place in ``AGE_BRACKETS``, counted from 1, or ``None`` for what is settled; ``reason`` is of
    money in suspense. ``is_carried``: they came over from before the period. ``is_due``: a sheet says that it was to
    be received or paid; not so where a line was given back to its payer, set off or written off.
    """

    section: Section
    reason: SuspenseReason | None
    kind: LineKind
    bracket: int | None
    is_carried: bool
    count: int
    amount_fen: int
    is_due: bool


@dataclass(frozen=True, slots=True)
class AgeTotal:
    """How much of a list has stood open for so long."""

    bracket: AgeBracket
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ReasonTotal:
    """How much of a list waits for one reason."""

    reason: SuspenseReason
    count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class SectionTotal:
    """How much stands in one list; ``carried`` of it came over from before. Open items by age, those in suspense by
    reason too.
    """

    section: Section
    count: int
    amount_fen: int
    carried: int
    carried_fen: int
    ages: Sequence[AgeTotal]
    reasons: Sequence[ReasonTotal]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What sheets say is to be received or paid against what the bank showed: matched in the period, and still open.

    ``came_back_fen`` of what was matched came back in the period too, and is open again or no longer owed;
    ``written_off_fen`` is what was given up of what is due.
    """

    kind: LineKind
    matched: int
    matched_fen: int
    came_back_fen: int
    written_off_fen: int
    open: int
    open_fen: int
    carried: int
    carried_fen: int

    @property
    def expected_fen(self) -> int:
        """What was to come in all, in fen."""
        return self.matched_fen - self.came_back_fen + self.written_off_fen + self.open_fen


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """The figures of a period, in fen.

    ``suspense_books``: what the books' suspense accounts stood at. ``came_back_fen``: of what was paid in the period;
    ``written_off_fen``: of what was to be received.
    """

    period: ReportPeriod
    accounts: Sequence[AccountDay]
    suspense_books: Mapping[Title, int]
    tallies: Sequence[Tally]
    came_back_fen: int
    written_off_fen: int

    @property
    def adds_up(self) -> bool:
        """Whether every account and every suspense account does."""
        return all(account.adds_up for account in self.accounts) and all(check.adds_up for check in self.checks)

    @property
    def checks(self) -> list[SuspenseCheck]:
        """暂收款 and 暂付款 against the open items that make them up."""
        waiting = [one for one in self.tallies if one.reason is not None]
        paid_out = sum(one.amount_fen for one in waiting if one.kind is LineKind.PAYMENT)
        items = {
            Title.TEMPORARY_RECEIPTS: sum(one.amount_fen for one in waiting) - paid_out,
            Title.TEMPORARY_PAYMENTS: paid_out,
        }
        return [SuspenseCheck(title, self.suspense_books[title], items[title]) for title in items]

    @property
    def sections(self) -> list[SectionTotal]:
        """Every list, empty ones too."""
        return [self._section(section) for section in Section]

    @property
    def expectations(self) -> list[Expectation]:
        """Receipts and payments."""
        return [self._expectation(kind) for kind in (LineKind.RECEIPT, LineKind.PAYMENT)]

    def _section(self, section: Section) -> SectionTotal:
        found = [one for one in self.tallies if one.section is section]
        reasons = [reason for reason in reasons_of(section) if any(one.reason is reason for one in found)]
        return SectionTotal(
            section,
            *_sums(found),
            () if section is Section.MATCHED else ages_of(found),
            [ReasonTotal(each, *_sums([one for one in found if one.reason is each])[:2]) for each in reasons],
        )

    def _expectation(self, kind: LineKind) -> Expectation:
        found = [one for one in self.tallies if one.kind is kind and one.is_due]
        matched = _sums([one for one in found if one.section is Section.MATCHED])
        still = _sums([one for one in found if one.section is Section.BUSINESS_WITHOUT_MONEY])
        others = (self.came_back_fen, 0) if kind is LineKind.PAYMENT else (0, self.written_off_fen)
        return Expectation(kind, *matched[:2], *others, *still)


def ages_of(tallies: Sequence[Tally]) -> list[AgeTotal]:
    """The age brackets, oldest last, with what of ``tallies`` stands in each."""
    return [_aged(place, bracket, tallies) for place, bracket in enumerate(AGE_BRACKETS, start=1)]


def _aged(place: int, bracket: AgeBracket, tallies: Sequence[Tally]) -> AgeTotal:
    count, amount_fen, _, _ = _sums([one for one in tallies if one.bracket == place])
    return AgeTotal(bracket, count, amount_fen)


def _sums(tallies: Sequence[Tally]) -> tuple[int, int, int, int]:
    return (
        sum(one.count for one in tallies),
        sum(one.amount_fen for one in tallies),
        sum(one.count for one in tallies if one.is_carried),
        sum(one.amount_fen for one in tallies if one.is_carried),
    )
