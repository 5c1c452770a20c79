"""The trial balance (试算平衡): every account with what it brought, moved and holds; debits equal credits."""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.domain.titles import Side, signed_balance


@dataclass(frozen=True, slots=True)
class AccountMovement:
    """One account over some days, in fen: ``…_before_fen`` came before them, the others in them."""

    account_id: int
    fund: str
    title: str
    name: str
    official_code: str
    normal_side: str
    bankacct: str | None
    debit_before_fen: int
    credit_before_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def opening_fen(self) -> int:
        """The balance at the beginning, positive on the account's normal side."""
        return signed_balance(self.debit_before_fen, self.credit_before_fen, Side(self.normal_side))

    @property
    def closing_fen(self) -> int:
        """The balance at the end, positive on the account's normal side."""
        debit, credit = self.debit_before_fen + self.debit_fen, self.credit_before_fen + self.credit_fen
        return signed_balance(debit, credit, Side(self.normal_side))


@dataclass(frozen=True, slots=True)
class FundTotals:
    """A fund's debits and credits, before and in the period, in fen."""

    fund: str
    debit_before_fen: int
    credit_before_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def adds_up(self) -> bool:
        """Whether debits equal credits, before the period and in it."""
        return self.debit_before_fen == self.credit_before_fen and self.debit_fen == self.credit_fen


def totals_by_fund(movements: Sequence[AccountMovement]) -> list[FundTotals]:
    """One line a fund: every fund has its own books, and each must balance by itself."""
    return [_totals(fund, [each for each in movements if each.fund == fund]) for fund in _funds(movements)]


def _funds(movements: Sequence[AccountMovement]) -> list[str]:
    return sorted({each.fund for each in movements})


def _totals(fund: str, movements: Sequence[AccountMovement]) -> FundTotals:
    return FundTotals(
        fund,
        sum(each.debit_before_fen for each in movements),
        sum(each.credit_before_fen for each in movements),
        sum(each.debit_fen for each in movements),
        sum(each.credit_fen for each in movements),
    )
