"""What generated lines and records consist of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class World:
    """Whose statement it is, the payer accounts of other agencies by area, and the first of ``days``."""

    admdvs: str
    bankacct: str
    payers: Mapping[str, str]
    first_day: date
    days: int


@dataclass(frozen=True, slots=True)
class Due:
    """A record of the business: what a sealed sheet makes due; ``amount_fen`` > 0."""

    rlts_traf_id: str
    obligation_no: str
    psn_name: str
    amount_fen: int
    payer_admdvs: str
    payer_bankacct: str
    known_on: date
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Told:
    """A movement as the bank tells it; positive ``fen`` is money in."""

    fen: int
    on: date
    note: str
    other_acct: str
    other_name: str
    bank_ref: str


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
