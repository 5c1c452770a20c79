"""Which matched money may be credited (N9: never before the ledger's match, and only what the sheet states)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Match:
    """The ledger's match of one obligation, in fen; ``is_credit_opened`` once the core was asked to credit it."""

    rlts_traf_id: str
    obligation_no: str
    amount: int
    receipt_no: str
    matched_at: datetime
    is_credit_opened: bool = False


def creditable(matches: Sequence[Match], sheet_amount: int, *, is_synced: bool) -> tuple[Match, ...]:
    """The matches of one case to credit now.

    None before the relation is synced, and none while more has been matched than the accepted sheet transfers:
    an earlier version's money stands there, and the ledger has to return the difference first.
    """
    if not is_synced or sum(match.amount for match in matches) > sheet_amount:
        return ()
    return tuple(match for match in matches if match.amount > 0 and not match.is_credit_opened)
