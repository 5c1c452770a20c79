"""Tell the agency's own feed of payments that the bank has refused."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.status_reasons import explain
from ledger.use_cases.free_lines import Rejected
from shared.messaging.feed import FeedEntry, append


async def tell_rejections(connection: AsyncConnection, rejected: Sequence[Rejected], *, now: datetime) -> None:
    """A ``PaymentRejected`` for each order, with ISO's reason code: the bank's own words may name people."""
    entries = [
        FeedEntry(
            order.admdvs,
            order.rlts_traf_id,
            "PaymentRejected",
            {
                "order_id": str(order.id),
                "end_to_end_id": order.end_to_end_id,
                "reason_code": code,
                "reason": explain(code, None),
            },
        )
        for order, code in rejected
    ]
    await append(connection, entries, now=now)
