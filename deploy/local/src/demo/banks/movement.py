"""What the banks do for one payment, and one account's statements from day to day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from demo.errors import DemoError
from shared.registry.models import AccountUse, BankAccount
from stack.areas import SeedArea


class NoDayLeft(DemoError):
    """An account's statements have come to the last day: a bank states each day once."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment between two agencies' banks; amounts in fen.

    ``arriving_fen`` is what the payee's bank books, which differs where something goes wrong on the way.
    ``has_arrived``: the payee's bank has told it before.
    """

    rlts_traf_id: str
    trafout_admdvs: str
    trafin_admdvs: str
    amount_fen: int
    arriving_fen: int
    remittance_note: str
    end_to_end_id: str | None = None
    has_arrived: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be booked; ``amount_fen`` is positive for money in. Interest and fees have no ``counterparty``."""

    amount_fen: int
    counterparty: BankAccount | None
    note: str
    end_to_end_id: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """A booked line with its number of the day; ``balance_fen`` stands after it."""

    number: int
    line: Line
    balance_fen: int
    bank_ref: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's day: opening balance, lines, closing balance, in fen."""

    account: BankAccount
    on: date
    opening_fen: int
    closing_fen: int
    movements: tuple[Movement, ...]


class AccountDays:
    """An account whose days are told one after the other: each opens with what the last one closed with."""

    def __init__(self, account: BankAccount, *, opening_fen: int, first_day: date, last_day: date) -> None:
        self.account = account
        self.balance_fen = opening_fen
        self._next_day = first_day
        self._last_day = last_day

    def tell(self, lines: Sequence[Line]) -> Statement:
        """The next day's statement; raises ``NoDayLeft`` after the last day."""
        on = self._next_day
        if on > self._last_day:
            raise NoDayLeft(f"账户 {self.account.bankacct} 截至 {self._last_day} 的对账单已全部出具")
        opening, movements = self.balance_fen, []
        for number, line in enumerate(lines, start=1):
            self.balance_fen += line.amount_fen
            bank_ref = f"{on:%Y%m%d}{self.account.bankacct[-6:]}{number:06d}"
            movements.append(Movement(number, line, self.balance_fen, bank_ref))
        self._next_day += timedelta(days=1)
        return Statement(self.account, on, opening, self.balance_fen, tuple(movements))


def account_of(area: SeedArea, use: AccountUse) -> BankAccount:
    """The area's account that pays or receives."""
    return next(account for account in area.bank_accounts if account.use is use)
