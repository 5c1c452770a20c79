"""Carry out approved write-offs and set-offs: clear, book, settle, and tell who waits for the money."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import claims, clearings, periods, suspense_items
from ledger.repository.match_receipts import MatchScope
from ledger.use_cases import tell, tell_claims
from ledger.use_cases.match_lines import match_lines
from shared.clock import local_date
from shared.signing.signers import Signers


async def clear_adjustments(
    connection: AsyncConnection, admdvs: str, ids: Sequence[UUID], *, signers: Signers, now: datetime
) -> None:
    """Make the clearings of approved adjustments; an obligation that is thereby covered is told like any other.

    Money that was told for a case and that nothing is left of is taken back.
    What an unexplained debit held up is matched once the debit is cleared.
    """
    day = max(local_date(now), await periods.first_open_day(connection, admdvs))
    made = await clearings.add(connection, ids, day=day, now=now)
    await clearings.book(connection, made, now=now)
    answered = await clearings.claims_beside(connection, made)
    covered = await claims.settle_obligations(connection, answered, today=day)
    gone = await claims.misnamed(connection, await clearings.credits_of(connection, made))
    outgoing = [
        *tell_claims.of_claims(admdvs, covered, now=now),
        *tell_claims.of_misnamed(admdvs, gone, tell_claims.CLEARED),
    ]
    await tell.send(connection, outgoing, signers=signers, now=now)
    explained = await suspense_items.explained_cases(connection, await clearings.debits_of(connection, made))
    if explained:
        await match_lines(connection, MatchScope(admdvs, explained), signers=signers, now=now)
