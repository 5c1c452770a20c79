"""Both sides have ended a case after its sheet was accepted: the relation and the account are the person's again."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.transitions.exchange import terminate
from outbound.office import Office
from outbound.use_cases.apply_messages import apply_messages
from shared.contracts.events.relation import TransferTerminated
from shared.messaging.delivery import Delivery


async def terminate_transfers(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferTerminated]]
) -> None:
    """Release hold and freeze, and have the ledger hold what was not paid yet."""
    now = office.now()
    await apply_messages(
        office, connection, deliveries, lambda case, each, actor: terminate(case, each.event, actor, now)
    )
