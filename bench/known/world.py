"""What generated lines and records consist of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """How the bank tells it; the value ends the statement's name."""

    CSV = "csv"
    CAMT = "xml"


class Account(StrEnum):
    """The agency's own two: the one that receives, and the one that pays."""

    INCOME = "income"
    EXPENDITURE = "expenditure"


class Shape(StrEnum):
    """How camt shows the lines of one item: each by itself, as details of one entry, or told only by a notification."""

    SINGLE = "single"
    BATCH = "batch"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Other:
    """Another agency with the account that it pays from and the one that it receives on."""

    admdvs: str
    payer_bankacct: str
    payee_bankacct: str


@dataclass(frozen=True, slots=True)
class World:
    """Whose accounts they are, with their 财政专户, who else there is, and the first of ``days``."""

    admdvs: str
    bankaccts: Mapping[Account, str]
    treasury_bankacct: str
    others: tuple[Other, ...]
    first_day: date
    days: int


@dataclass(frozen=True, slots=True)
class Due:
    """A record of the business: what a sealed sheet makes due; ``amount_fen`` > 0.

    ``state`` is the obligation's where we are the payee, the order's where we are the payer; of one that is ``settled``
    nothing is due. Paper (``origin``) tells the payee no payer's account.
    """

    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    amount_fen: int
    side: str
    other: Other
    known_on: date
    state: str
    reason: str = "balance"
    origin: str = "electronic"


@dataclass(frozen=True, slots=True)
class Told:
    """A movement as the bank tells it; positive ``fen`` is money in. What CSV has no column for is left out there.

    ``value_on`` where it is not the day ``on`` which it is booked.
    """

    account: Account
    fen: int
    on: date
    note: str
    other_acct: str
    other_name: str
    bank_ref: str
    end_to_end_id: str | None = None
    foreign_currency: str | None = None
    is_return: bool = False
    value_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What should become of a line: ``matched`` with a case, ``suspense`` for a reason, or ``other`` of a class.

    ``kind`` names the disturbance, ``plain`` where there is none.
    """

    kind: str
    outcome: str
    rlts_traf_id: str | None = None
    reason: str | None = None
    line_class: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Lines that belong together, each with its answer, and the records that they are about."""

    dues: tuple[Due, ...]
    lines: tuple[tuple[Told, Answer], ...]
    shape: Shape = Shape.SINGLE


def matched(kind: str, due: Due) -> Answer:
    """It answers ``due``."""
    return Answer(kind, "matched", due.rlts_traf_id)


def waits(kind: str, reason: str) -> Answer:
    """It stands in suspense."""
    return Answer(kind, "suspense", reason=reason)
