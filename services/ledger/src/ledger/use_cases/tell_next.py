"""Tell, piece by piece, what matching found in a file that was too large to be told of at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import untold
from ledger.repository.locks import lock_matching
from ledger.use_cases.tell import tell_found
from shared.law import design
from shared.signing.signers import Signers

_AT_ONCE = 1000


@design("what a large file has matched is told piece by piece")
async def tell_next(connection: AsyncConnection, agencies: Collection[str], *, signers: Signers, now: datetime) -> bool:
    """Tell a piece of what has waited longest at one of ``agencies``; whether there was any."""
    admdvs = await untold.first_agency(connection, agencies)
    if admdvs is None:
        return False
    await lock_matching(connection, [admdvs])
    await tell_found(connection, admdvs, _AT_ONCE, signers=signers, now=now)
    return True
