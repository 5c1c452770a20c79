"""What each service counts in its own tables, for the platform to compare with its sheets and cases (S53-2)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import CaseNumber
from shared.contracts.events.event import Event
from shared.contracts.model import Message
from shared.contracts.party import Party, Role
from shared.money import Fen

MOST_CASES = 250
"""In one message, so that it stays far below what a broker takes."""
AFTER_ALL = "Z" * 21
"""Follows every case number in their order."""
_LETTERS = {Role.OUTBOUND: "X", Role.INBOUND: "Y", Role.LEDGER: "Z"}


class FiguresSide(StrEnum):
    """Whose figures of a case: of the agency that it leaves or arrives at, or of the books that pay or receive."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    PAYER = "payer"
    PAYEE = "payee"


class CaseFigures(Message):
    """One case as one side's own tables have it; ``None``: this side does not keep such a thing.

    ``told`` is the sequence of the last message of the case that the side had written to the platform by then,
    ``heard`` that of the last one from the platform that it had applied, 0 for none: where both are level with the
    platform's own, nothing of the case is on its way, and the two must agree. ``sheet_digest`` is the SHA-256 (hex) of
    the sealed sheet of ``sheet_version``, worked out from its bytes where the side holds them. Amounts are sums over
    the case: ``stated`` by that sheet, ``added`` by addenda, the rest as the money events of these names tell.
    """

    rlts_traf_id: CaseNumber
    side: FiguresSide
    told: Annotated[int, Field(ge=0)] = 0
    heard: Annotated[int, Field(ge=0)] = 0
    state: Annotated[str, Field(max_length=40)] | None = None
    sheet_version: int = 0
    sheet_digest: Annotated[str, Field(max_length=64)] | None = None
    stated: Fen | None = None
    added: Fen | None = None
    paid: Fen | None = None
    returned: Fen | None = None
    refunded: Fen | None = None
    received: Fen | None = None
    matched: Fen | None = None
    credited: Fen | None = None
    reversed: Fen | None = None


class CaseGone(Message):
    """A case that a side has reported, and that is not in its tables any more: nothing takes one out of them."""

    rlts_traf_id: CaseNumber
    side: FiguresSide


class FiguresReported(Event):
    """One part of a day's report: cases that something happened to since the last one, or of which anything says
    otherwise than it was told last, cases that are ``gone``, and one range of all others.

    The report has a lane of its own (``figures_key``). ``started_at`` is when its first part was made, ``as_of`` when
    this part's figures were read. The last part says that every case from ``range_from`` up to, not including,
    ``range_to`` was in the report (``None``: to the end), so that the platform finds those that are missing.
    """

    routes: ClassVar = frozenset(
        {(Role.OUTBOUND, Role.PLATFORM), (Role.INBOUND, Role.PLATFORM), (Role.LEDGER, Role.PLATFORM)}
    )

    reported_on: date
    started_at: datetime
    as_of: datetime
    range_from: Annotated[str, Field(max_length=20)]
    range_to: Annotated[str, Field(max_length=20)] | None
    part: Annotated[int, Field(ge=1)]
    is_last: bool
    figures: Annotated[tuple[CaseFigures, ...], Field(max_length=2 * MOST_CASES)]
    gone: Annotated[tuple[CaseGone, ...], Field(max_length=2 * MOST_CASES)] = ()


def figures_key(sender: Party, reported_on: date) -> str:
    """What stands in a case number's place on the messages of one report; no case number looks like it (it has a 0)."""
    return f"{_LETTERS[sender.role]}{sender.admdvs}0{reported_on:%Y%m%d}"
