"""Give unreleased orders the state that follows from what still keeps them from being paid."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.repository import order_blocks, orders

_SETTLED_HERE = frozenset({OrderState.READY, OrderState.HELD, OrderState.AWAITING_FUNDS})


async def settle_states(connection: AsyncConnection, order_ids: Sequence[UUID]) -> None:
    """Held, waiting for funds, or ready; the caller holds the agency's matching lock. Others stay as they are."""
    found = await order_blocks.open_states(connection, order_ids)
    changed = {
        order_id: after for order_id, (before, after) in found.items() if before in _SETTLED_HERE and before != after
    }
    await orders.set_states(connection, changed)
