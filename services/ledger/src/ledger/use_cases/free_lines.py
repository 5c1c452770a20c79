"""The bank has refused to give money back: it waits as before."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import suspense_events
from ledger.repository.orders import OrderRow
from ledger.repository.suspense_events import NewEvent
from shared.law import design

Rejected = tuple[OrderRow, str | None]
"""An order that the bank has refused, with ISO's reason code where the bank gave one."""


@design("money that the bank refused to give back is matched again, while no debit of its case is unexplained")
async def free_lines(
    connection: AsyncConnection, admdvs: str, rejected: Sequence[Rejected], *, by: str, now: datetime
) -> list[str]:
    """Note the refusal at the lines that these orders would have given back; the cases that they name.

    These are to be matched again: a sheet may have come meanwhile. The caller holds the agency's matching lock and
    has changed the orders.
    """
    freed = [(order, code) for order, code in rejected if order.returns_line_id is not None]
    events = [
        NewEvent(order.returns_line_id, SuspenseStep.REFUND_REFUSED, code, {"order_id": str(order.id)})
        for order, code in freed
        if order.returns_line_id is not None
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
    return sorted({order.rlts_traf_id for order, _ in freed if order.rlts_traf_id is not None})
