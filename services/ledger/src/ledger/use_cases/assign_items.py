"""Say which clerk looks after money that waits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import suspense_events, suspense_items
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.choose_items import Chosen, Wanted, choose_items


async def assign_items(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Sequence[Wanted],
    *,
    assigned_to: str | None,
    reason: str | None,
    by: str,
    now: datetime,
) -> Chosen:
    """Give items to the clerk ``assigned_to`` (an ``opter_id``), or to nobody; which were, and why others were not."""
    chosen = await choose_items(connection, admdvs, wanted)
    await suspense_items.assign(connection, chosen.line_ids, assigned_to)
    events = [
        NewEvent(item.line_id, SuspenseStep.ASSIGNED, reason, {"from": item.assigned_to, "to": assigned_to})
        for item in chosen.items
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
    return chosen
