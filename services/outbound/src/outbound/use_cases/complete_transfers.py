"""The inbound has synced the sheet: the core ends the relation (N13)."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.transitions.exchange import complete
from outbound.office import Office
from outbound.use_cases.apply_messages import apply_messages
from shared.contracts.events.relation import TransferCompleted
from shared.messaging.delivery import Delivery


async def complete_transfers(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferCompleted]]
) -> None:
    """Ask the core to terminate the relations; the cases end when it has done so."""
    now = office.now()
    await apply_messages(
        office, connection, deliveries, lambda case, each, actor: complete(case, each.event, actor, now)
    )
