"""What the inbound owes back after a version that states less, or an end (*design*; N9: only what a sheet states)."""

from collections.abc import Sequence

from inbound.domain.credit import Match, Released
from shared.law import design, law


@law("N9-2")
@design("money that a later version does not state goes back to the outbound")
def to_release(obligation_no: str, owed: int, matches: Sequence[Match], earlier: Sequence[Released]) -> Released | None:
    """What has to go back now that ``owed`` fen are stated in all; ``None`` when nothing has.

    It may come on top of a release under the same number: money of an older version has come after the sync, and the
    ledger adds up what it was told for a number. None of that was ever credited.
    """
    here = sum(match.amount for match in matches) - sum(each.amount for each in earlier)
    credited = sum(match.credited for match in matches) - sum(each.reversed_amount for each in earlier)
    excess = here - owed
    if excess <= 0:
        return None
    return Released(matches[0].rlts_traf_id, obligation_no, excess, max(credited - owed, 0))
