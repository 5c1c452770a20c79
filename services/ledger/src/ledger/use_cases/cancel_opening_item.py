"""An old item should not stand, since a case is the same money or it was a mistake: cancel what is still to move."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.opening_items import OpeningItem, OpeningItemUnknown, cancel_item
from ledger.repository import obligations, opening_items
from ledger.repository.locks import lock_matching
from ledger.use_cases.settle_doubts import settle_doubts
from shared.clock import local_date
from shared.signing.signers import Signers
from shared.web.etags import Expected


async def cancel_opening_item(
    connection: AsyncConnection,
    admdvs: str,
    item_id: UUID,
    *,
    reason: str,
    expected: Expected,
    by: str,
    signers: Signers,
    now: datetime,
) -> OpeningItem:
    """The item as cancelled; what waited because of it goes on, and is matched.

    Raises ``OpeningItemUnknown``, ``PreconditionFailed``, ``OpeningItemDecided``, ``SameOpeningPerson``,
    ``OpeningItemMoved``.
    """
    await lock_matching(connection, [admdvs])
    item = (await opening_items.lock_items(connection, admdvs, [item_id])).get(item_id)
    if item is None:
        raise OpeningItemUnknown("没有这项旧账款项。")
    expected.require(item.row_version)
    owed = item.obligation_id
    has_moved = owed is not None and await opening_items.has_moved(connection, owed)
    cancelled = cancel_item(item, by=by, at=now, reason=reason, has_moved=has_moved)
    await opening_items.save_decided(connection, [cancelled])
    if owed is not None:
        await obligations.cancel(connection, [owed], day=local_date(now))
    await settle_doubts(connection, admdvs, items=[item_id], by=by, reason=reason, signers=signers, now=now)
    return cancelled
