"""Carry out approved write-offs and set-offs: clear, book, settle, and tell who waits for the money."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import claims, clearings, periods
from ledger.use_cases import tell, tell_claims
from shared.clock import local_date
from shared.signing.signers import Signers


async def clear_adjustments(
    connection: AsyncConnection, admdvs: str, ids: Sequence[UUID], *, signers: Signers, now: datetime
) -> None:
    """Make the clearings of approved adjustments; an obligation that is thereby covered is told like any other."""
    day = max(local_date(now), await periods.first_open_day(connection, admdvs))
    made = await clearings.add(connection, ids, day=day, now=now)
    await clearings.book(connection, made, now=now)
    answered = await clearings.claims_beside(connection, made)
    covered = await claims.settle_obligations(connection, answered, today=day)
    await tell.send(connection, tell_claims.of_claims(admdvs, covered, now=now), signers=signers, now=now)
