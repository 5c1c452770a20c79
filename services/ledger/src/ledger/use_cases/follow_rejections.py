"""What follows when the bank has refused orders: it is told, what is owed is counted anew, lines are matched again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.use_cases.free_lines import Rejected, free_lines
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.renew_dues import renew_dues
from ledger.use_cases.tell_rejections import tell_rejections
from shared.signing.signers import Signers


async def follow_rejections(
    connection: AsyncConnection,
    admdvs: str,
    rejected: Sequence[Rejected],
    *,
    by: str,
    signers: Signers,
    now: datetime,
) -> None:
    """Of orders that have just become rejected. The caller holds the agency's matching lock.

    Where a later version, or the end of the case, waits for what the payment was too much, that wait is over: it owes
    what it states itself, and nobody pays the refused one anew.
    """
    await tell_rejections(connection, rejected, now=now)
    paying = {order.rlts_traf_id for order, _ in rejected if order.obligation_id is not None and order.rlts_traf_id}
    changed = await renew_dues(connection, admdvs, (), come_back=paying, now=now)
    freed = await free_lines(connection, admdvs, rejected, by=by, now=now)
    await match_cases(connection, admdvs, {*changed, *freed}, signers=signers, now=now)
