"""Note down what was found out about money that waits. The words stay in this ledger: no message carries them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import suspense_events
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.choose_items import Chosen, Wanted, choose_items


async def comment_on_items(
    connection: AsyncConnection, admdvs: str, wanted: Sequence[Wanted], *, comment: str, by: str, now: datetime
) -> Chosen:
    """Add the comment to each item; which took it, and why others did not."""
    chosen = await choose_items(connection, admdvs, wanted)
    events = [NewEvent(line_id, SuspenseStep.COMMENTED, comment) for line_id in chosen.line_ids]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
    return chosen
