"""The inbound has taken back, or never credited, what it owes back: its order may go into a batch."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.repository import core_entries, orders
from ledger.repository.core_entries import Free
from ledger.repository.locks import lock_matching
from ledger.use_cases.settle_states import settle_states
from shared.contracts.events import BalanceReleased
from shared.messaging import CannotApply, Delivery


async def release_returns(connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceReleased]]) -> None:
    """Make the held orders of these returns ready once all of each is given free; two people still release them.

    A payment that a later version overtook may have come after the inbound spoke: then it speaks again of the rest.
    Raises ``CannotApply`` where the books know no such return, or one over less.
    """
    await lock_matching(connection, {delivery.recipient.admdvs or "" for delivery in deliveries})
    told = await core_entries.give_free(connection, [_free(delivery) for delivery in deliveries])
    if len(told) < len(deliveries):
        raise CannotApply("账套中没有这笔应退款，或应退金额较小", code="return-unknown")
    held = await orders.held_of(connection, [number for number, is_free in told.items() if is_free])
    await orders.set_states(connection, dict.fromkeys(held, OrderState.READY.value))
    await settle_states(connection, held)


def _free(delivery: Delivery[BalanceReleased]) -> Free:
    event = delivery.event
    return Free(delivery.recipient.admdvs or "", delivery.rlts_traf_id, event.obligation_no, event.amount)
