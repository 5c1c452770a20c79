"""Seeded draws of what items are made of."""

from datetime import date
from itertools import count
from random import Random

from bench.known.world import Account, Due, Form, Told, World
from shared.case_number import end_to_end_id, find_in, new_case_number

_SURNAMES = "王李张刘陈杨赵吴周徐孙马朱胡郭何林罗高郑付代"
_GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛超秀霞刚桂英"
_MAX_FEN = 5_000_000


class Source:
    """The same seed draws the same."""

    def __init__(self, world: World, form: Form, seed: int) -> None:
        self.world, self.form, self.random = world, form, Random(seed)
        self._numbers = count(1)

    def due(self, day: date, *, side: str = "payee", state: str = "open") -> Due:
        """Something that another agency owes us, or we owe it (``side`` ``payer``)."""
        other = self.random.choice(self.world.others)
        case = new_case_number(self.random)
        return Due(case, "1", self.name(), self.fen(), side, other, day, state)

    def paid(self, due: Due, day: date, *, fen: int | None = None, note: str | None = None) -> Told:
        """The money that answers ``due``; with another amount or note it names no ``EndToEndId``."""
        amount = due.amount_fen if fen is None else fen
        is_ours = due.side == "payer"
        reference = end_to_end_id(due.rlts_traf_id, due.obligation_no) if note is None else None
        return Told(
            account=Account.EXPENDITURE if is_ours else Account.INCOME,
            fen=-amount if is_ours else amount,
            on=day,
            note=f"{due.rlts_traf_id} {due.psn_name}" if note is None else note,
            other_acct=due.other.payee_bankacct if is_ours else due.other.payer_bankacct,
            other_name=f"{due.other.admdvs} 医保中心",
            bank_ref=self.ref(),
            end_to_end_id=reference,
        )

    def name(self) -> str:
        """A person."""
        length = self.random.choice((1, 2, 2))
        return self.random.choice(_SURNAMES) + "".join(self.random.sample(_GIVEN, length))

    def another_name(self, than: str) -> str:
        """A person whose name neither holds ``than`` nor is part of it."""
        return next(name for name in iter(self.name, "") if name not in than and than not in name)

    def mistyped(self, case: str) -> str:
        """A case number with one character wrong, which the check character shows."""
        for place in range(len(case)):
            for digit in "7294":
                wrong = case[:place] + digit + case[place + 1 :]
                if wrong != case and not find_in(wrong):
                    return wrong
        raise AssertionError("the check character lets every mistake pass")

    def fen(self) -> int:
        """An amount of at least two fen."""
        return self.random.randrange(2, _MAX_FEN)

    def ref(self) -> str:
        """The bank's next number."""
        return f"R{next(self._numbers):09}"
