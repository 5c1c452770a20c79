"""The daily and the monthly report: does the bank add up, do the books agree, and what does not with the business."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.domain.report_lists import AgeTotal, OpenMovement, Section, Tally, ages_of, reasons_of, sums_of
from ledger.domain.suspense import LineKind, SuspenseReason
from ledger.domain.titles import Title
from shared.errors import FieldError, InvalidInput


class ReportPeriodAhead(InvalidInput):
    """The day or the month has not begun: a report would say that all is level."""

    code = "report-period-ahead"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Whose report, from ``since`` to ``on``, both counted: one day where both are one, or a month."""

    admdvs: str
    since: date
    on: date

    def until(self, today: date) -> "ReportPeriod":
        """The same as far as it has come by ``today``; raises ``ReportPeriodAhead``."""
        if self.since > today:
            message = "所问的日期（月份）还没有到，没有可以报告的账。"
            raise ReportPeriodAhead(message, errors=[FieldError("/date", "future", "不得晚于今天")])
        return replace(self, on=min(self.on, today))


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
    def movements(self) -> list[OpenMovement]:
        """Of every list and kind of which something stood open, first or last."""
        found = [self._movement(section, kind) for section in Section for kind in LineKind]
        return [each for each in found if each.brought or each.count]

    @property
    def expectations(self) -> list[Expectation]:
        """Receipts and payments."""
        return [self._expectation(kind) for kind in (LineKind.RECEIPT, LineKind.PAYMENT)]

    def _section(self, section: Section) -> SectionTotal:
        found = [one for one in self.tallies if one.section is section]
        reasons = [reason for reason in reasons_of(section) if any(one.reason is reason and one.count for one in found)]
        return SectionTotal(
            section,
            *sums_of(found),
            () if section is Section.MATCHED else ages_of(found),
            [ReasonTotal(each, *sums_of([one for one in found if one.reason is each])[:2]) for each in reasons],
        )

    def _movement(self, section: Section, kind: LineKind) -> OpenMovement:
        found = [one for one in self.tallies if one.section is section and one.kind is kind and one.bracket is not None]
        brought, brought_fen = sum(one.brought for one in found), sum(one.brought_fen for one in found)
        added, added_fen = sum(one.added for one in found), sum(one.added_fen for one in found)
        return OpenMovement(section, kind, brought, brought_fen, added, added_fen, *sums_of(found)[:2])

    def _expectation(self, kind: LineKind) -> Expectation:
        found = [one for one in self.tallies if one.kind is kind and one.is_due]
        matched = sums_of([one for one in found if one.section is Section.MATCHED])
        still = sums_of([one for one in found if one.section is Section.BUSINESS_WITHOUT_MONEY])
        others = (self.came_back_fen, 0) if kind is LineKind.PAYMENT else (0, self.written_off_fen)
        return Expectation(kind, *matched[:2], *others, *still)
