"""Carry out approved write-offs and set-offs: clear, book, settle, and tell who waits for the money."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import claims, clearings, periods, suspense_items
from ledger.use_cases import tell, tell_claims
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.supersede_settled import supersede_settled
from shared.clock import local_date
from shared.signing.signers import Signers


async def clear_adjustments(
    connection: AsyncConnection, admdvs: str, ids: Sequence[UUID], *, signers: Signers, now: datetime
) -> None:
    """Make the clearings of approved adjustments; an obligation that is thereby covered is told like any other.

    Money that was told for a case and that nothing is left of is taken back.
    What waits beside is matched anew, and what was proposed for the same is outdated.
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
    await supersede_settled(connection, admdvs, now=now)
    beside = await suspense_items.waiting_beside(connection, admdvs, await clearings.lines_of(connection, made))
    await match_cases(connection, admdvs, beside, signers=signers, now=now)
