"""Which matched money may be credited (N9: never before the ledger's match, and only what the sheet states)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.law import law


@dataclass(frozen=True, slots=True)
class Match:
    """The ledger's match of one obligation, in fen; ``is_credit_opened`` once the core was asked to credit it.

    ``credited`` is what the core was asked to credit of it, all of it unless the rest goes back.
    """

    rlts_traf_id: str
    obligation_no: str
    amount: int
    receipt_no: str
    matched_at: datetime
    is_credit_opened: bool = False
    credited: int = 0


@dataclass(frozen=True, slots=True)
class Released:
    """Money of one obligation to give back, in fen; ``reversed_amount`` of it was credited and is taken back first."""

    rlts_traf_id: str
    obligation_no: str
    amount: int
    reversed_amount: int


@law("N9-2")
def creditable(
    matches: Sequence[Match], owed: int, released: Sequence[Released] = (), *, is_synced: bool
) -> tuple[tuple[Match, int], ...]:
    """The matches of one case to credit now, with the fen of each; ``owed`` is what sheet and addenda state in all.

    None before the relation is synced, and none while more has been matched than is owed and ``released`` to go
    back: then an earlier version's money stands there, of which the next sync decides. Never more than is here: what
    was given back uncredited is not credited for a later version that states as much again.
    """
    here = sum(match.amount for match in matches) - sum(each.amount for each in released)
    if not is_synced or here > owed:
        return ()
    credited = sum(match.credited for match in matches) - sum(each.reversed_amount for each in released)
    return tuple(_shares(matches, here - credited))


def _shares(matches: Sequence[Match], room: int) -> Iterator[tuple[Match, int]]:
    for match in matches:
        share = min(match.amount, room)
        if share > 0 and not match.is_credit_opened:
            room -= share
            yield match, share
