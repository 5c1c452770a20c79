"""The inbound has synced a corrected version."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.transitions.correcting import end_correction
from outbound.office import Office
from outbound.use_cases.apply_messages import apply_messages
from shared.contracts.events.relation import TransferCorrected
from shared.messaging.delivery import Delivery


async def end_corrections(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferCorrected]]
) -> None:
    """The cases are where they were before the correction, one version further."""
    now = office.now()
    await apply_messages(
        office, connection, deliveries, lambda case, each, actor: end_correction(case, each.event, actor, now)
    )
