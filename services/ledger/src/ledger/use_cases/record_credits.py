"""Note that the inbound's core has credited the personal account."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import core_entries
from ledger.repository.core_entries import Credit
from shared.contracts.events import BalanceCredited
from shared.messaging import CannotApply, Delivery


async def record_credits(connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceCredited]]) -> None:
    """Keep each credit with its obligation, even one that nothing was matched with: it then shows as a difference.

    Raises ``CannotApply`` for an obligation that these books never heard of.
    """
    if await core_entries.credit(connection, [_credit(delivery) for delivery in deliveries]) < len(deliveries):
        raise CannotApply("账套中没有这笔应收", code="obligation-unknown")


def _credit(delivery: Delivery[BalanceCredited]) -> Credit:
    event = delivery.event
    return Credit(
        admdvs=delivery.recipient.admdvs or "",
        rlts_traf_id=delivery.rlts_traf_id,
        obligation_no=event.obligation_no,
        credited_on=event.credited_on,
        credited_fen=event.amount,
        core_ref=event.core_ref,
    )
