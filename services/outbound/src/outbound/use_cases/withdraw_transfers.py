"""The applicant has withdrawn before a first sheet was accepted: all goes back to what it was."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.transitions.exchange import withdraw
from outbound.office import Office
from outbound.use_cases.apply_messages import apply_messages
from shared.contracts.events.relation import TransferWithdrawn
from shared.messaging.delivery import Delivery


async def withdraw_transfers(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferWithdrawn]]
) -> None:
    """Void what was made, unfreeze, resume the relation."""
    now = office.now()
    await apply_messages(
        office, connection, deliveries, lambda case, each, actor: withdraw(case, actor, now, each.event.reason)
    )
