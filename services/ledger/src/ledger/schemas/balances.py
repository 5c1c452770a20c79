"""Balances, trial balance, statement of an account, and what the check of the balances found."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from ledger.domain.titles import Side, Title
from ledger.domain.trial_balance import AccountMovement, FundTotals, totals_by_fund
from ledger.repository.balance_checks import CheckedAccount
from ledger.schemas.books import EntryShown
from shared.money import Fen


class BalanceShown(BaseModel):
    """An account at the end of a day; ``balance`` is positive on the account's normal side."""

    account_id: str
    at: date
    debit_total: Fen
    credit_total: Fen
    balance: Fen


class MovementShown(BaseModel):
    """One account in the trial balance; balances are positive on its normal side."""

    account_id: str
    fund: str
    title: Title
    name: str
    official_code: str
    normal_side: Side
    bankacct: str | None
    opening_balance: Fen
    debit_total: Fen
    credit_total: Fen
    closing_balance: Fen

    @classmethod
    def of(cls, movement: AccountMovement) -> Self:
        """As it is answered."""
        return cls(
            account_id=str(movement.account_id),
            fund=movement.fund,
            title=Title(movement.title),
            name=movement.name,
            official_code=movement.official_code,
            normal_side=Side(movement.normal_side),
            bankacct=movement.bankacct,
            opening_balance=movement.opening_fen,
            debit_total=movement.debit_fen,
            credit_total=movement.credit_fen,
            closing_balance=movement.closing_fen,
        )


class FundTotalsShown(BaseModel):
    """A fund's debits and credits in the period; ``adds_up``: they are equal, and were so before it."""

    fund: str
    debit_total: Fen
    credit_total: Fen
    adds_up: bool

    @classmethod
    def of(cls, totals: FundTotals) -> Self:
        """As it is answered."""
        return cls(
            fund=totals.fund, debit_total=totals.debit_fen, credit_total=totals.credit_fen, adds_up=totals.adds_up
        )


class TrialBalance(BaseModel):
    """试算平衡表 of an agency for the days ``since`` to ``until``, both counted."""

    admdvs: str
    since: date
    until: date
    accounts: list[MovementShown]
    funds: list[FundTotalsShown]
    adds_up: bool

    @classmethod
    def of(cls, admdvs: str, since: date, until: date, movements: Sequence[AccountMovement]) -> Self:
        """As it is answered."""
        funds = [FundTotalsShown.of(totals) for totals in totals_by_fund(movements)]
        return cls(
            admdvs=admdvs,
            since=since,
            until=until,
            accounts=[MovementShown.of(movement) for movement in movements],
            funds=funds,
            adds_up=all(fund.adds_up for fund in funds),
        )


class StatementEntry(EntryShown):
    """An entry with the account's balance after it, positive on the account's normal side."""

    balance: Fen


class AccountStatement(BaseModel):
    """明细账: one page of an account's entries between two balances; the next page opens where this one closes."""

    account_id: str
    since: date
    until: date
    opening_balance: Fen
    items: list[StatementEntry]
    closing_balance: Fen
    next_cursor: str | None


class BalanceCheckShown(BaseModel):
    """When an account was last compared with the journal; ``break_count`` days differ, 0 as it should be."""

    account_id: str
    checked_at: datetime | None
    break_count: int
    first_break_on: date | None

    @classmethod
    def of(cls, row: CheckedAccount) -> Self:
        """As it is answered."""
        return cls(
            account_id=str(row.account_id),
            checked_at=row.checked_at,
            break_count=row.break_count,
            first_break_on=row.first_break_on,
        )
