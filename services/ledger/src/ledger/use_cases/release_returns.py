"""The inbound has taken back, or never credited, what it owes back: its order may go into a batch."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.repository import orders
from ledger.repository.locks import lock_matching
from ledger.use_cases.settle_states import settle_states
from shared.contracts.events import BalanceReleased
from shared.messaging import CannotApply, Delivery


async def release_returns(connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceReleased]]) -> None:
    """Make the held orders of these returns ready; two people still release them.

    Raises ``CannotApply`` where the books know no such return, or one over another amount.
    """
    agencies = {delivery.recipient.admdvs or "" for delivery in deliveries}
    await lock_matching(connection, agencies)
    states = {}
    for admdvs in sorted(agencies):
        cases = [one.rlts_traf_id for one in deliveries if one.recipient.admdvs == admdvs]
        present = await orders.lock_orders_of_cases(connection, admdvs, sorted(cases), direction="return")
        known = {(order.rlts_traf_id, order.obligation_no): order for order in present}
        for one in (each for each in deliveries if each.recipient.admdvs == admdvs):
            order = known.get((one.rlts_traf_id, one.event.obligation_no))
            if order is None or order.amount_fen != one.event.amount:
                raise CannotApply("账套中没有这笔应退款，或金额不同", code="return-unknown")
            if order.state == OrderState.HELD:
                states[order.id] = OrderState.READY.value
    await orders.set_states(connection, states)
    await settle_states(connection, list(states))
