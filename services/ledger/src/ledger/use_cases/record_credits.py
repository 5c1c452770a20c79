"""Note that the inbound's core has credited the personal account."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import obligations
from shared.contracts.events import BalanceCredited
from shared.messaging import CannotApply, Delivery


async def record_credits(connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceCredited]]) -> None:
    """Keep each credit with its obligation, even one that nothing was matched with: it then shows as a difference.

    Raises ``CannotApply`` for an obligation that these books never heard of.
    """
    for delivery in sorted(deliveries, key=lambda one: one.rlts_traf_id):
        event = delivery.event
        values = {"credited_on": event.credited_on, "credited_fen": event.amount, "core_ref": event.core_ref}
        state = await obligations.credit(
            connection, delivery.recipient.admdvs or "", delivery.rlts_traf_id, event.obligation_no, values
        )
        if state is None:
            raise CannotApply("账套中没有这笔应收", code="obligation-unknown")
