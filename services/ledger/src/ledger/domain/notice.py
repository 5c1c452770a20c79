"""What a bank notifies of before its statement: announced, never booked; the statement alone moves the books."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ledger.domain.restated import ToldLine
from ledger.domain.statement import Line, Totals
from shared.errors import Conflict

MAX_DETAILS = 50_000
"""As many details of announced entries are read at once."""


class NoticeRestated(Conflict):
    """A notification of this number came before, with another content."""

    code = "notice-restated"


@dataclass(frozen=True, slots=True)
class NoticeHead:
    """One notification of a file."""

    bankacct: str
    notice_no: str
    totals: Totals = field(default_factory=Totals)


def is_bare(line: Line) -> bool:
    """Whether a statement's line says nothing of who and what for, so that a notification may tell it."""
    return line.bank_ref is not None and line.end_to_end_id is None and line.counterparty_acct is None


def told_by_notice(line: Line, details: list[Line]) -> list[Line]:
    """The line with what a notification of the same bank reference told of it; ``line`` alone where that disagrees.

    A batch entry becomes its details where they are of its direction and add up to it; days, entry and balance stay
    the statement's.
    """
    same = [detail for detail in details if detail.direction is line.direction]
    if not same or sum(detail.amount_fen for detail in same) != line.amount_fen:
        return [line]
    return [
        detail._replace(
            entry_no=line.entry_no,
            detail_no=number,
            booked_on=line.booked_on,
            value_on=line.value_on,
            balance_fen=line.balance_fen,
            note=detail.note or line.note,
            is_return=detail.is_return or line.is_return,
        )
        for number, detail in enumerate(same, start=1)
    ]


def as_kept(lines: Iterable[Line], kept: Iterable[ToldLine], details: Mapping[str, list[Line]]) -> list[Line]:
    """The lines of a statement told again, as they are kept of the first telling.

    What says nothing is kept as notifications had told of it (``details``, by the bank's reference of the entry), or as
    it is where they came later: then it is among ``kept``.
    """
    left, found = Counter(kept), list[Line]()
    for line in lines:
        told = ToldLine.of(line)
        if left[told]:
            left[told] -= 1
            found.append(line)
        else:
            found += told_by_notice(line, details.get(line.bank_ref or "", [])) if is_bare(line) else [line]
    return found
