"""What became of each item of a batch when it was lodged; the cases say the rest."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.tables import application_batch


async def insert(
    connection: AsyncConnection, batch_id: UUID, lodged_by: str, lodged_at: datetime, items: Sequence[dict[str, object]]
) -> None:
    """Keep a batch."""
    values = {"batch_id": batch_id, "lodged_by": lodged_by, "lodged_at": lodged_at, "items": items}
    await connection.execute(insert_into(application_batch).values(values))


async def items(connection: AsyncConnection, batch_id: UUID) -> list[dict[str, Any]]:
    """The items of a batch in the order lodged; empty for an unknown one."""
    query = select(application_batch.c["items"]).where(application_batch.c.batch_id == batch_id)
    found: list[dict[str, Any]] | None = await connection.scalar(query)
    return found or []
