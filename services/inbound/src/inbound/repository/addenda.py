"""Addenda that came, as they were sealed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.tables import received_addendum


@dataclass(frozen=True, slots=True)
class ReceivedAddendum:
    """One addendum; ``amount`` in fen, ``received_at`` in UTC."""

    rlts_traf_id: str
    addendum_no: int
    sealed_addendum: str
    arrival: str
    digest: str
    amount: int
    cause: str
    reason: str
    received_at: datetime


async def add_addenda(connection: AsyncConnection, addenda: Sequence[ReceivedAddendum]) -> None:
    """Keep addenda; raises the database's integrity error for one that is held already."""
    if addenda:
        await connection.execute(insert(received_addendum), [asdict(each) for each in addenda])


async def addenda_of(connection: AsyncConnection, rlts_traf_id: str) -> list[ReceivedAddendum]:
    """All of a case, in their order."""
    query = select(received_addendum).where(received_addendum.c.rlts_traf_id == rlts_traf_id)
    rows = await connection.execute(query.order_by(received_addendum.c.addendum_no))
    return [ReceivedAddendum(**row) for row in rows.mappings()]
