"""Obey the outbound's clerks: hold the payment of a case, or lift the hold."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState, state_when_held
from ledger.repository import obligations, orders
from ledger.repository.locks import lock_matching
from ledger.use_cases.settle_states import settle_states
from shared.contracts.events import PaymentHoldChanged
from shared.messaging import Delivery


async def hold_payments(
    connection: AsyncConnection, deliveries: Sequence[Delivery[PaymentHoldChanged]], *, now: datetime
) -> None:
    """Keep the latest word per case, which also counts for orders still to come, and change unreleased orders."""
    rows = [
        {
            "admdvs": delivery.recipient.admdvs,
            "rlts_traf_id": delivery.rlts_traf_id,
            "is_held": delivery.event.is_held,
            "reason": delivery.event.reason,
            "changed_at": now,
        }
        for delivery in deliveries
    ]
    agencies = sorted({delivery.recipient.admdvs or "" for delivery in deliveries})
    await lock_matching(connection, agencies)
    await obligations.hold(connection, rows)
    for admdvs in agencies:
        is_held = {one.rlts_traf_id: one.event.is_held for one in deliveries if one.recipient.admdvs == admdvs}
        present = await orders.lock_payments_of_cases(connection, admdvs, sorted(is_held))
        after = {
            order.id: state_when_held(OrderState(order.state), is_held=is_held[order.rlts_traf_id or ""]).value
            for order in present
        }
        changed = {order.id: after[order.id] for order in present if after[order.id] != order.state}
        await orders.set_states(connection, changed)
        await settle_states(connection, list(changed))
