"""An old item and a case may be the same money: both wait until somebody has looked, and neither is moved twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertKind, Finding
from ledger.domain.orders import OrderState
from ledger.repository import opening_duplicates, orders
from ledger.repository.opening_duplicates import Pair
from ledger.use_cases.raise_alerts import raise_alerts
from ledger.use_cases.settle_states import settle_states
from shared.law import design


@design("an old item and a case like it are neither paid nor matched by themselves until somebody has looked")
async def doubt_obligations(
    connection: AsyncConnection, *, items: Sequence[UUID] = (), obligations: Sequence[int] = (), now: datetime
) -> None:
    """Find what is like these old items, or like these new obligations, and let both wait with an alert.

    The caller holds the matching locks of their agencies. What is released or has come stays as it is.
    """
    pairs = await opening_duplicates.find(connection, items=items, obligations=obligations, now=now)
    if not pairs:
        return
    touched = {pair.obligation_id for pair in pairs} | {pair.old_obligation_id for pair in pairs}
    await opening_duplicates.mark_doubtful(connection, sorted(touched))
    await settle_orders(connection, sorted(touched))
    await raise_alerts(connection, [_finding(pair) for pair in pairs], now=now)


async def settle_orders(connection: AsyncConnection, obligation_ids: Sequence[int]) -> None:
    """Give the unreleased orders of these obligations the state that their doubt asks for."""
    found = await opening_duplicates.unreleased_orders(connection, obligation_ids)
    proposed = [order for order, state, is_doubtful in found if is_doubtful and state == OrderState.PROPOSED]
    await orders.set_states(connection, dict.fromkeys(proposed, OrderState.HELD.value))
    await settle_states(connection, [order for order, _, _ in found])


def _finding(pair: Pair) -> Finding:
    data = {
        "item_id": str(pair.item_id),
        "own_ref": pair.own_ref,
        "rlts_traf_id": pair.rlts_traf_id,
        "is_same_number": pair.is_same_number,
        "is_same_amount": pair.is_same_amount,
    }
    return Finding(pair.admdvs, AlertKind.OPENING_DUPLICATE, pair.subject, data)
