"""``TransferAccepted`` as it came: the application and the facts that decided, verbatim."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.tables import accepted_transfer
from shared.contracts.events.relation import TransferAccepted
from shared.database.rowset import ROWS, insert_rows
from shared.messaging.delivery import Delivery

_KEEP = insert_rows(accepted_transfer, ("rlts_traf_id", "event", "message_id", "received_at"))


async def keep_accepted(
    connection: AsyncConnection, deliveries: Sequence[Delivery[TransferAccepted]], *, now: datetime
) -> None:
    """Keep the events of new cases."""
    if not deliveries:
        return
    rows = [
        {
            "rlts_traf_id": delivery.rlts_traf_id,
            "event": delivery.event,
            "message_id": delivery.message_id,
            "received_at": now,
        }
        for delivery in deliveries
    ]
    await connection.execute(_KEEP, {ROWS: rows})
