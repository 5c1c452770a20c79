"""The lists of the reports, what stands in them, and how much of it is how old."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ledger.domain.suspense import LineKind, SuspenseReason
from shared.ages import AGE_BRACKETS, AgeBracket


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


class Settling(StrEnum):
    """How an item of what was matched was settled."""

    CLAIM = "claim"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    OFFSET = "offset"


SETTLING_NAMES = {
    Settling.CLAIM: "匹配业务",
    Settling.REFUND: "退回付款方",
    Settling.WRITE_OFF: "核销",
    Settling.OFFSET: "冲抵",
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


def reasons_of(section: Section) -> list[SuspenseReason]:
    """Why the money waits that stands in a list; none for the lists that are not of money in suspense."""
    if section in (Section.MATCHED, Section.BUSINESS_WITHOUT_MONEY):
        return []
    return [reason for reason in SuspenseReason if section_of(reason) is section]


@dataclass(frozen=True, slots=True)
class Tally:
    """Items of one list, reason and kind that are of one age, in fen.

    ``bracket`` is its place in ``AGE_BRACKETS``, counted from 1, or ``None`` for what is settled; ``reason`` is of
    money in suspense. ``is_carried``: they came over from before the period. ``is_due``: a sheet says that it was to
    be received or paid; not so where a line was given back to its payer, set off or written off. ``brought``: how many
    of them stood in the list when the period began, ``added``: how many stand in it at its end and did not then; of
    what stood at both ``added_fen`` has what there was more of it.
    """

    section: Section
    reason: SuspenseReason | None
    kind: LineKind
    bracket: int | None
    is_carried: bool
    count: int
    amount_fen: int
    is_due: bool
    brought: int = 0
    brought_fen: int = 0
    added: int = 0
    added_fen: int = 0


def moved_to(tally: Tally, before: Section, reason: SuspenseReason) -> list[Tally]:
    """Items that stood in the list ``before`` for another ``reason``: out of that list, and new in ``tally``'s."""
    left = replace(tally, section=before, reason=reason, count=0, amount_fen=0, added=0, added_fen=0)
    return [left, replace(tally, brought=0, brought_fen=0, added=tally.count, added_fen=tally.amount_fen)]


@dataclass(frozen=True, slots=True)
class OpenMovement:
    """The open items of a list and kind from a period's beginning to its end, in fen.

    ``brought`` + ``added`` - ``settled`` = ``count``. What came and went within the period is in none of them; what has
    changed from one list to another is settled in the one and added to the other.
    """

    section: Section
    kind: LineKind
    brought: int
    brought_fen: int
    added: int
    added_fen: int
    count: int
    amount_fen: int

    @property
    def settled(self) -> int:
        """How many stood in the list at the beginning and no longer at the end."""
        return self.brought + self.added - self.count

    @property
    def settled_fen(self) -> int:
        """How much of what stood at the beginning has been answered, or has left the list."""
        return self.brought_fen + self.added_fen - self.amount_fen


@dataclass(frozen=True, slots=True)
class AgeTotal:
    """How much of a list has stood open for so long."""

    bracket: AgeBracket
    count: int
    amount_fen: int


def ages_of(tallies: Sequence[Tally]) -> list[AgeTotal]:
    """The age brackets, oldest last, with what of ``tallies`` stands in each."""
    return [_aged(place, bracket, tallies) for place, bracket in enumerate(AGE_BRACKETS, start=1)]


def _aged(place: int, bracket: AgeBracket, tallies: Sequence[Tally]) -> AgeTotal:
    count, amount_fen, _, _ = sums_of([one for one in tallies if one.bracket == place])
    return AgeTotal(bracket, count, amount_fen)


def sums_of(tallies: Sequence[Tally]) -> tuple[int, int, int, int]:
    """How many items and how much, and of them those that came over from before."""
    return (
        sum(one.count for one in tallies),
        sum(one.amount_fen for one in tallies),
        sum(one.count for one in tallies if one.is_carried),
        sum(one.amount_fen for one in tallies if one.is_carried),
    )
