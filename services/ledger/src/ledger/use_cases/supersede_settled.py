"""What waits for its second person and cannot be any more is outdated by itself."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import adjustments, proposals


async def supersede_settled(connection: AsyncConnection, admdvs: str, *, now: datetime) -> None:
    """Supersede proposals and adjustments about what has been settled since; the caller holds the matching lock."""
    await proposals.supersede_settled(connection, admdvs)
    await adjustments.supersede_settled(connection, admdvs, now=now)
