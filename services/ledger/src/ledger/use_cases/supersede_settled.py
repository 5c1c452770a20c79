"""What waits for people about something that has been answered since is outdated by itself."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import adjustments, alerts, proposals


async def supersede_settled(connection: AsyncConnection, admdvs: str, *, now: datetime) -> None:
    """Supersede proposals and adjustments about what has been settled since, and close the alerts of such debits.

    The caller holds the agency's matching lock.
    """
    await proposals.supersede_settled(connection, admdvs)
    await adjustments.supersede_settled(connection, admdvs, now=now)
    await alerts.settle_explained(connection, admdvs, now=now)
