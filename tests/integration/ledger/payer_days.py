"""The days of the account that Beijing pays from."""

from datetime import date, timedelta

from tests.integration.ledger.areas import BEIJING_OUT, JINAN_IN
from tests.unit.ledger.files import DAY, Move, camt

OPENING = 10**9


class Days:
    """The payer account's days: each is told once, and each opens where the one before closed."""

    def __init__(self) -> None:
        self._told = self._numbers = 0
        self._balance = OPENING

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    @property
    def today(self) -> date:
        return DAY + timedelta(days=self._told)

    def statement(self, fen: int, note: str, reference: str | None) -> bytes:
        """The next day's: one debit (negative ``fen``), or one payment that comes back."""
        opening, self._balance = self._balance, self._balance + fen
        self._told += 1
        code = None if fen < 0 else "AC04"
        move = Move(fen, note, JINAN_IN, e2e=reference, on=self.today, return_code=code)
        return camt(BEIJING_OUT, [move], opening=opening, day=self.today, statement_no=f"S{self._told}")
