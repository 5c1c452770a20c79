"""What a bank line is about. Real accounts carry all of an agency's business; only transfers are this ledger's work.

The first that fits decides: a transfer is known by a case number or by another agency's registered account, and no
rule can hide it; money between the agency's own accounts; the agency's rules in their order; otherwise a person looks.
"""

import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ledger.domain.statement import Direction, Line
from ledger.domain.suspense import LineKind
from ledger.domain.titles import AccountRole
from shared.law import design


class LineClass(StrEnum):
    """The classes of domain §8."""

    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    RETURN = "return"
    TREASURY_ALLOTMENT = "treasury_allotment"
    SWEEP = "sweep"
    INTEREST = "interest"
    FEE = "fee"
    OTHER_BUSINESS = "other_business"
    UNCLASSIFIED = "unclassified"


OTHER_THAN_TRANSFER = frozenset(
    {
        LineClass.TREASURY_ALLOTMENT,
        LineClass.SWEEP,
        LineClass.INTEREST,
        LineClass.FEE,
        LineClass.OTHER_BUSINESS,
    }
)
"""Booked to 其他业务往来 at once, and no clerk's work."""

_ON_DEDICATED = OTHER_THAN_TRANSFER - {LineClass.OTHER_BUSINESS}


@dataclass(frozen=True, slots=True)
class LineRule:
    """Every condition that is given must hold; of a list one entry is enough. Words are looked for anywhere."""

    name: str
    line_class: LineClass
    direction: Direction | None = None
    roles: frozenset[AccountRole] = frozenset()
    bankaccts: frozenset[str] = frozenset()
    has_counterparty: bool | None = None
    counterparty_accts: frozenset[str] = frozenset()
    counterparty_words: tuple[str, ...] = ()
    note_words: tuple[str, ...] = ()
    min_fen: int | None = None
    max_fen: int | None = None

    def fits(self, line: Line, bankacct: str, role: AccountRole, note: str, name: str) -> bool:
        """Whether the rule speaks of this line of that account; ``note`` and ``name`` are folded."""
        return (
            (self.direction is None or self.direction is line.direction)
            and (not self.roles or role in self.roles)
            and (not self.bankaccts or bankacct in self.bankaccts)
            and (self.has_counterparty is None or self.has_counterparty is (line.counterparty_acct is not None))
            and (not self.counterparty_accts or line.counterparty_acct in self.counterparty_accts)
            and (not self.counterparty_words or any(word in name for word in self.counterparty_words))
            and (not self.note_words or any(word in note for word in self.note_words))
            and (self.min_fen is None or line.amount_fen >= self.min_fen)
            and (self.max_fen is None or line.amount_fen <= self.max_fen)
        )


class Classed(NamedTuple):
    """A class, and the rule that gave it: an agency's by its name, ``None`` where the order above decided."""

    line_class: LineClass
    rule_name: str | None = None


@dataclass(frozen=True, slots=True)
class Classifier:
    """The rules for the lines of one bank account; ``own`` tells the agency's accounts, ``agencies`` all others'."""

    bankacct: str
    role: AccountRole
    is_dedicated: bool
    rules: Sequence[LineRule]
    own: Mapping[str, AccountRole]
    agencies: Set[str]

    @design("a line is classed by case number, registered accounts, then the agency's rules")
    def classify(self, line: Line, kind: LineKind, *, names_case: bool) -> Classed:
        """The class of one line."""
        if names_case or line.counterparty_acct in self.agencies:
            return Classed(_transfer(line, kind))
        if line.foreign_currency is not None:
            return Classed(LineClass.UNCLASSIFIED)
        other = self.own.get(line.counterparty_acct or "")
        between = None if other is None else _between(self.role, other, line.direction)
        if between is not None:
            return Classed(between)
        note, name = fold_words(line.note), fold_words(line.counterparty_name)
        for rule in self.rules:
            if rule.fits(line, self.bankacct, self.role, note, name):
                if self.is_dedicated and rule.line_class not in _ON_DEDICATED:
                    continue
                return Classed(rule.line_class, rule.name)
        return Classed(LineClass.UNCLASSIFIED)


def fold_words(text: str | None) -> str:
    """Text as words are looked for in it: one width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()) if text else ""


def _transfer(line: Line, kind: LineKind) -> LineClass:
    if kind is LineKind.RETURN or line.is_return:
        return LineClass.RETURN
    return LineClass.TRANSFER_IN if line.direction is Direction.CREDIT else LineClass.TRANSFER_OUT


def _between(role: AccountRole, other: AccountRole, direction: Direction) -> LineClass | None:
    """What money between two of the agency's own accounts is: a sweep into 财政专户, or an allotment out of it."""
    source, target = (other, role) if direction is Direction.CREDIT else (role, other)
    if target is AccountRole.TREASURY and source is not AccountRole.TREASURY:
        return LineClass.SWEEP
    if source is AccountRole.TREASURY and target in (AccountRole.EXPENDITURE, AccountRole.BOTH):
        return LineClass.TREASURY_ALLOTMENT
    return None
