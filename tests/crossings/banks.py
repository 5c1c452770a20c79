"""The banks of the tests: one statement a day for each account, each opening with what the last one closed with."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.courses import upload
from tests.four_services import FourServices
from tests.registry import bank_account
from tests.unit.ledger.files import Move, camt

_FIRST_DAY, _FIRST_BALANCE = date(2026, 1, 5), 10_000_000


@dataclass
class Banks:
    """Every account's day and balance (fen), as told so far."""

    system: FourServices
    days: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(lambda: _FIRST_BALANCE))

    async def tell(self, admdvs: str, use: str, fen: int, note: str, other: str, **more: Any) -> None:
        """The next statement of an agency's account with one line; positive ``fen`` is money in."""
        account = bank_account(admdvs, use)
        self.days[account] += 1
        day = _FIRST_DAY + timedelta(self.days[account])
        opening, number = self.balances[account], f"{account[-8:]}-{self.days[account]}"
        self.balances[account] += fen
        move = Move(fen, note, other=other, ref=f"L{number}", on=day, **more)
        await upload(self.system, admdvs, camt(account, [move], opening=opening, statement_no=number, day=day))
        await self.system.run()

    async def transfer(self, payer: str, payee: str, note: str, fen: int) -> None:
        """Money from one agency to another, on both statements."""
        await self.tell(payer, "payer", -fen, note, bank_account(payee, "receiver"))
        await self.tell(payee, "receiver", fen, note, bank_account(payer, "payer"))
