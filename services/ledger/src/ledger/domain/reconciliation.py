"""The daily report: does the bank add up, do the books agree with it, and what does not agree with the business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.domain.suspense import SuspenseReason


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


def section_of(reason: SuspenseReason) -> Section:
    """Which list money in suspense stands in."""
    if reason in _DIFFERENCES:
        return Section.DIFFERENCES
    if reason in _DUPLICATES:
        return Section.DUPLICATES
    return Section.MONEY_WITHOUT_BUSINESS


@dataclass(frozen=True, slots=True)
class AccountDay:
    """One bank account on one day, in fen; the bank's figures are ``None`` where no statement tells the day."""

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

    title: str
    books_fen: int
    items_fen: int

    @property
    def adds_up(self) -> bool:
        """Whether every fen in suspense has an item."""
        return self.books_fen == self.items_fen


@dataclass(frozen=True, slots=True)
class SectionTotal:
    """How much stands in one list; ``carried`` of it came over from earlier days."""

    section: Section
    count: int
    amount_fen: int
    carried: int


@dataclass(frozen=True, slots=True)
class DayReport:
    """The figures of an agency's day."""

    admdvs: str
    on: date
    accounts: Sequence[AccountDay]
    checks: Sequence[SuspenseCheck]
    sections: Sequence[SectionTotal]

    @property
    def adds_up(self) -> bool:
        """Whether every account and every suspense account does."""
        return all(account.adds_up for account in self.accounts) and all(check.adds_up for check in self.checks)
