"""``TransferAccepted`` as it came: the application and the facts that decided, verbatim."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.tables import accepted_transfer
from shared.contracts.events.relation import TransferAccepted
from shared.database.rowset import ROWS, insert_rows

_KEEP = insert_rows(accepted_transfer, ("rlts_traf_id", "event", "message_id", "received_at"))


async def keep_accepted(
    connection: AsyncConnection, accepted: Sequence[tuple[str, TransferAccepted, UUID]], *, now: datetime
) -> None:
    """Keep the events of new cases: number, event, and the message that brought it or an id of our own."""
    if not accepted:
        return
    rows = [
        {
            "rlts_traf_id": rlts_traf_id,
            "event": event,
            "message_id": message_id,
            "received_at": now,
        }
        for rlts_traf_id, event, message_id in accepted
    ]
    await connection.execute(_KEEP, {ROWS: rows})
