"""One payment order as its caller has seen it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import orders
from ledger.repository.orders import OrderRow
from shared.errors import NotFound
from shared.web.etags import Expected


async def lock_order(connection: AsyncConnection, admdvs: str, order_id: UUID, expected: Expected) -> OrderRow:
    """One order of the agency as the caller has seen it, locked; raises ``NotFound`` and ``PreconditionFailed``."""
    found = await orders.lock_orders(connection, admdvs, [order_id])
    if not found:
        raise NotFound("没有这张支付单")
    expected.require(found[0].version)
    return found[0]
