"""What is owed, and what a new sheet version owes given what older ones of the case have moved already (domain §4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class BookSide(StrEnum):
    """Whether our agency pays or receives."""

    PAYER = "payer"
    PAYEE = "payee"


class Reason(StrEnum):
    """Why something is owed: a case's first sheet, a later version, an addendum, that the case has ended, or that it
    stood open in the old books."""

    BALANCE = "balance"
    CORRECTION = "correction"
    ADDENDUM = "addendum"
    TERMINATION = "termination"
    OPENING = "opening"


class ObligationOrigin(StrEnum):
    """What it stands on: a sealed document, the agency's word about paper, or two people's about old books."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    OPENING = "opening"


class ObligationState(StrEnum):
    """Where one obligation stands in our own books."""

    OPEN = "open"
    CANCELLED = "cancelled"
    PAID = "paid"
    RETURNED = "returned"
    MATCHED = "matched"
    CREDITED = "credited"
    SETTLED = "settled"


class Direction(StrEnum):
    """Which way the money of an obligation goes."""

    PAY = "pay"
    NOTHING = "nothing"
    RETURN = "return"


def is_ours_to_move(side: BookSide, direction: Direction) -> bool:
    """Whether our own order moves the money: the payer pays, the payee returns; otherwise we wait for it."""
    return direction is (Direction.PAY if side is BookSide.PAYER else Direction.RETURN)


@dataclass(frozen=True, slots=True)
class Obligation:
    """One as it is kept; amounts in fen. ``order_state`` is of the last order that moves it, if it has one.

    ``released_fen``: how much of a return the inbound has given free. ``way_back``: the fields of a ``Route``.
    """

    id: int
    admdvs: str
    side: str
    rlts_traf_id: str
    obligation_no: str
    sheet_version: int
    reason: str
    trafout_admdvs: str
    trafin_admdvs: str
    psn_name: str
    amount_fen: int
    direction: str
    due_fen: int
    claimed_fen: int
    payer_bankacct: str
    payee_bankacct: str
    state: str
    known_on: date
    settled_on: date | None
    credited_on: date | None
    credited_fen: int | None
    origin: str
    way_back: dict[str, Any] | None
    is_doubtful: bool
    released_fen: int
    order_state: str | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An older obligation of the same case: what it owed, and whether that money is on its way or has moved."""

    obligation_id: int
    direction: Direction
    due_fen: int
    is_committed: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """What is still to move for the new version; ``cancelled`` names the older obligations that it replaces."""

    direction: Direction
    due_fen: int
    cancelled: tuple[int, ...]


def owed_by_version(amount_fen: int, earlier: Iterable[Earlier]) -> Owed:
    """What a version over ``amount_fen`` (fen, not negative) still owes.

    An older obligation whose money was not released is cancelled; where it was released or paid (at the payee:
    matched), it counts as already moved, and only the difference is owed: nothing, more, or a return.
    """
    moved, cancelled = 0, []
    for one in earlier:
        if not one.is_committed:
            cancelled.append(one.obligation_id)
        elif one.direction is Direction.PAY:
            moved += one.due_fen
        elif one.direction is Direction.RETURN:
            moved -= one.due_fen
    difference = amount_fen - moved
    return Owed(_direction(difference), abs(difference), tuple(cancelled))


def _direction(difference: int) -> Direction:
    if difference == 0:
        return Direction.NOTHING
    return Direction.PAY if difference > 0 else Direction.RETURN
