"""平台对账 counted in full, case by case in Python, from the facts as they stand: what the sums are checked against."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from shared.ages import age_in_days, bracket_of

Fact = Mapping[str, Any]
Pair = tuple[str, str]
_SENDERS = {"paid": ("ledger", 0), "returned": ("ledger", 0), "received": ("ledger", 1), "matched": ("ledger", 1)}


@dataclass(frozen=True)
class Move:
    """``fen`` is more than 0 where money left, less where it arrived or came back."""

    kind: str
    on: date
    fen: int


@dataclass
class Counted:
    """One pair of areas in one period: ``standing`` by (under way, bracket) as (cases, fen, since)."""

    sums: dict[str, int] = field(default_factory=dict)
    standing: dict[tuple[bool, str], tuple[int, int, date]] = field(default_factory=dict)

    def add(self, name: str, n: int) -> None:
        """Nothing is kept of what is 0."""
        self.sums[name] = self.sums.get(name, 0) + n
        if not self.sums[name]:
            del self.sums[name]


def moves_of(pair: Pair, facts: Sequence[Fact]) -> list[Move]:
    """What the facts of a case, in the order they came, say that its money did."""
    told = [fact for fact in facts if fact["kind"] in _SENDERS and fact["sender"] == _speaker(fact["kind"], pair)]
    sent = [Move("paid", each["booked_on"], each["amount"]) for each in told if each["kind"] == "paid"]
    back = [Move("returned", each["booked_on"], -each["amount"]) for each in told if each["kind"] == "returned"]
    matches: dict[tuple[str, str], Fact] = {}
    last_words: dict[str, tuple[date, int]] = {}
    for each in told:
        if each["kind"] == "matched":
            matches[each["obligation_no"], each["receipt_no"]] = each
        elif each["kind"] == "received":
            last_words[each["receipt_no"]] = (each["booked_on"], each["amount"])
    standing = [each for each in matches.values() if each["amount"] > 0]
    matched = {each["receipt_no"] for each in standing}
    for receipt in matched - last_words.keys():
        mine = [each for each in standing if each["receipt_no"] == receipt]
        last_words[receipt] = (min(each["booked_on"] for each in mine), sum(each["amount"] for each in mine))
    came = [Move("received", on, -fen) for on, fen in last_words.values()]
    for receipt, (on, fen) in last_words.items():
        later = [each.on for each in back if each.on > on]
        if receipt not in matched and later:
            came.append(Move("sent_back", min(later), fen))
    return [each for each in (*sent, *back, *came) if each.fen]


def _speaker(kind: str, pair: Pair) -> str:
    role, side = _SENDERS[kind]
    return f"{role}.{pair[side]}"


def net(moves: Iterable[Move], on: date) -> int:
    """What is on its way at the end of a day."""
    return sum(each.fen for each in moves if each.on <= on)


def since(moves: Sequence[Move], on: date) -> date:
    """Since when the oldest part of it is: the newest payments are what is not answered yet."""
    left = net(moves, on)
    kind = "paid" if left > 0 else "received"
    found = min(each.on for each in moves)
    left = abs(left)
    for each in sorted((m for m in moves if m.kind == kind and m.on <= on), key=lambda m: m.on, reverse=True):
        if left <= 0:
            break
        found, left = each.on, left - abs(each.fen)
    return found


def count(cases: Mapping[str, tuple[Pair, list[Move]]], first: date, last: date) -> dict[Pair, Counted]:
    """Every pair in which something moved or stands, from ``first`` to ``last``."""
    found: dict[Pair, Counted] = {}
    by_pair = sorted(cases.values(), key=lambda each: each[0])
    for pair, group in groupby(by_pair, key=lambda each: each[0]):
        counted = Counted()
        for _, moves in group:
            _count_case(counted, moves, first, last)
        if counted.sums or counted.standing:
            found[pair] = counted
    return found


def _count_case(counted: Counted, moves: list[Move], first: date, last: date) -> None:
    counted.add("opening", sum(each.fen for each in moves if each.on < first))
    for each in moves:
        if first <= each.on <= last:
            counted.add(each.kind, abs(each.fen))
            if each.kind in ("paid", "received"):
                counted.add({"paid": "payments", "received": "receipts"}[each.kind], 1)
    left = net(moves, last)
    if left:
        began = since(moves, last)
        key = (left > 0, bracket_of(age_in_days(began, last)).code)
        cases, fen, oldest = counted.standing.get(key, (0, 0, date.max))
        counted.standing[key] = (cases + 1, fen + abs(left), min(oldest, began))
