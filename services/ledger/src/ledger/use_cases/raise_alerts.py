"""Raise alerts, and tell the agency's own feed of those that are new."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import Finding
from ledger.repository import alerts
from shared.messaging.feed import FeedEntry, append


async def raise_alerts(connection: AsyncConnection, found: Sequence[Finding], *, now: datetime) -> None:
    """Of ``found``, each that was not open yet is an ``AlertRaised`` in the feed.

    An open one of which another amount is found now is an ``AlertChanged``.
    """
    new, changed = await alerts.raise_alerts(connection, found, now=now)
    told = [*(("AlertRaised", one) for one in new), *(("AlertChanged", one) for one in changed)]
    entries = [
        FeedEntry(one.admdvs, None, what, {"kind": one.kind, "subject": one.subject, **one.data}) for what, one in told
    ]
    await append(connection, entries, now=now)
