"""Makes items one by one: a plain receipt mostly, something disturbed now and then. The same seed, the same items."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from random import Random

from bench.known.world import Answer, Due, Item, Told, World
from shared.case_number import find_in, new_case_number

DISTURBED_SHARE = 0.03
_SURNAMES = "王李张刘陈杨赵吴周徐孙马朱胡郭何林罗高郑"
_GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛超秀霞刚桂英"
_MAX_FEN = 5_000_000


class Maker:
    """Items of a world; ``made`` counts lines."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._random = Random(seed)
        self._numbers = count(1)
        self._payers = sorted(world.payers.items())
        self._one_line: dict[str, Callable[[date], Item]] = {
            "off_by_one_fen": self._off_by_one_fen,
            "another_name": self._another_name,
            "no_note": self._no_note,
            "mistyped_number": self._mistyped_number,
            "unknown_payer": self._unknown_payer,
            "money_before_sheet": self._money_before_sheet,
            "closed_case": self._closed_case,
            "two_numbers": self._two_numbers,
            "interest": self._interest,
            "fee": self._fee,
        }
        self._two_lines: dict[str, Callable[[date], Item]] = {
            "paid_twice": self._paid_twice,
            "paid_in_parts": self._paid_in_parts,
            "one_for_many": self._one_for_many,
            "twins": self._twins,
            "same_amount_and_day": self._same_amount_and_day,
        }

    def items(self, lines: int) -> Iterator[Item]:
        """Items of exactly so many lines in all, day after day."""
        made = 0
        while made < lines:
            day = self._world.first_day + timedelta(days=made * self._world.days // lines)
            item = self._next(day, room=lines - made)
            made += len(item.lines)
            yield item

    def _next(self, day: date, *, room: int) -> Item:
        # Two of the kinds have two lines, so that fewer items than lines are disturbed.
        if self._random.random() >= DISTURBED_SHARE * 0.75:
            return self._plain(day)
        kinds = self._one_line if room < 2 else self._one_line | self._two_lines
        return kinds[self._random.choice(sorted(kinds))](day)

    def _plain(self, day: date) -> Item:
        due = self._due(day)
        return Item((due,), ((self._paid(due, day), _matched("plain", due)),))

    def _off_by_one_fen(self, day: date) -> Item:
        due = self._due(day)
        line = self._paid(due, day, fen=due.amount_fen + self._random.choice((1, -1)))
        return Item((due,), ((line, _waits("off_by_one_fen", "amount_differs")),))

    def _another_name(self, day: date) -> Item:
        due = self._due(day)
        other = next(name for name in iter(self._name, "") if name not in due.psn_name and due.psn_name not in name)
        line = self._paid(due, day, note=f"{due.rlts_traf_id} {other}")
        return Item((due,), ((line, _waits("another_name", "name_differs")),))

    def _no_note(self, day: date) -> Item:
        due = self._due(day)
        return Item((due,), ((self._paid(due, day, note=""), _waits("no_note", "no_reference")),))

    def _mistyped_number(self, day: date) -> Item:
        due = self._due(day)
        note = f"{self._mistyped(due.rlts_traf_id)} {due.psn_name}"
        return Item((due,), ((self._paid(due, day, note=note), _waits("mistyped_number", "no_reference")),))

    def _unknown_payer(self, day: date) -> Item:
        due = self._due(day)
        line = replace(self._paid(due, day), other_acct=f"9{self._random.randrange(10**15):015}")
        return Item((due,), ((line, _waits("unknown_payer", "payer_differs")),))

    def _money_before_sheet(self, day: date) -> Item:
        return Item((), ((self._paid(self._due(day), day), _waits("money_before_sheet", "awaiting_sheet")),))

    def _closed_case(self, day: date) -> Item:
        due = replace(self._due(day), state="cancelled")
        return Item((due,), ((self._paid(due, day), _waits("closed_case", "case_closed")),))

    def _two_numbers(self, day: date) -> Item:
        due, other = self._due(day), self._due(day)
        line = self._paid(due, day, note=f"{due.rlts_traf_id} {other.rlts_traf_id}")
        return Item((due, other), ((line, _waits("two_numbers", "several_references")),))

    def _interest(self, day: date) -> Item:
        line = Told(self._random.randrange(1, 10_000), day, "结息", "", "", self._ref())
        return Item((), ((line, Answer("interest", "other", line_class="interest")),))

    def _fee(self, day: date) -> Item:
        line = Told(-self._random.randrange(1, 5_000), day, "汇划手续费", "", "", self._ref())
        return Item((), ((line, Answer("fee", "other", line_class="fee")),))

    def _paid_twice(self, day: date) -> Item:
        due, answer = self._due(day), _waits("paid_twice", "several_candidates")
        return Item((due,), ((self._paid(due, day), answer), (self._paid(due, day), answer)))

    def _paid_in_parts(self, day: date) -> Item:
        due, answer = replace(self._due(day), amount_fen=self._fen() + 1), _waits("paid_in_parts", "amount_differs")
        part = self._random.randrange(1, due.amount_fen)
        parts = (part, due.amount_fen - part)
        return Item((due,), tuple((self._paid(due, day, fen=fen), answer) for fen in parts))

    def _one_for_many(self, day: date) -> Item:
        first, plain = self._due(day), self._due(day)
        second = replace(self._due(day), payer_admdvs=first.payer_admdvs, payer_bankacct=first.payer_bankacct)
        together = self._paid(first, day, fen=first.amount_fen + second.amount_fen, note="医保转移 2 人 明细另附")
        answers = (_waits("one_for_many", "no_reference"), _matched("plain", plain))
        return Item((first, second, plain), ((together, answers[0]), (self._paid(plain, day), answers[1])))

    def _twins(self, day: date) -> Item:
        line = self._paid(self._due(day), day, note="医保转移款")
        answer = _waits("twins", "no_reference")
        return Item((), ((line, answer), (line, answer)))

    def _same_amount_and_day(self, day: date) -> Item:
        first = self._due(day)
        second = replace(self._due(day), amount_fen=first.amount_fen, payer_admdvs=first.payer_admdvs)
        second = replace(second, payer_bankacct=first.payer_bankacct)
        return Item(
            (first, second),
            tuple((self._paid(due, day), _matched("same_amount_and_day", due)) for due in (first, second)),
        )

    def _due(self, day: date) -> Due:
        account, area = self._random.choice(self._payers)
        case = new_case_number(self._random)
        return Due(case, "1", self._name(), self._fen(), area, account, day)

    def _paid(self, due: Due, day: date, *, fen: int | None = None, note: str | None = None) -> Told:
        told = f"{due.rlts_traf_id} {due.psn_name}" if note is None else note
        amount = due.amount_fen if fen is None else fen
        return Told(amount, day, told, due.payer_bankacct, f"{due.payer_admdvs} 医保中心", self._ref())

    def _name(self) -> str:
        length = self._random.choice((1, 2, 2))
        return self._random.choice(_SURNAMES) + "".join(self._random.sample(_GIVEN, length))

    def _mistyped(self, case: str) -> str:
        for place in range(len(case)):
            for digit in "7294":
                wrong = case[:place] + digit + case[place + 1 :]
                if wrong != case and not find_in(wrong):
                    return wrong
        raise AssertionError("the check character lets every mistake pass")

    def _fen(self) -> int:
        return self._random.randrange(2, _MAX_FEN)

    def _ref(self) -> str:
        return f"R{next(self._numbers):09}"


def _matched(kind: str, due: Due) -> Answer:
    return Answer(kind, "matched", due.rlts_traf_id)


def _waits(kind: str, reason: str) -> Answer:
    return Answer(kind, "suspense", reason=reason)
