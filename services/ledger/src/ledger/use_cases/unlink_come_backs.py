"""Take back what a clerk has said of money that waits: that it is a return to a payer which the bank brought back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import come_backs, proposals, suspense_events
from ledger.repository.suspense_events import NewEvent
from shared.law import design


@design("who withdraws a return takes back what a person had said of its money, while nothing of it was answered")
async def unlink_come_backs(
    connection: AsyncConnection, admdvs: str, line_ids: Sequence[int], *, reason: str, by: str, now: datetime
) -> set[str]:
    """The lines wait as before anybody had said so; the cases for which the returns are paid again.

    What the bank's own file has said stays. The caller holds the agency's matching lock, and matches the cases again.
    """
    words = await come_backs.said(connection, line_ids)
    if not words:
        return set()
    # What was proposed took it for money received.
    await proposals.supersede_lines(connection, admdvs, [word.line_id for word in words], but=())
    await come_backs.take_back(connection, words, now=now)
    events = [
        NewEvent(
            line_id,
            SuspenseStep.COME_BACK_WITHDRAWN,
            reason,
            {"order_id": str(word.order_id), "bank_line_id": str(word.line_id)},
        )
        for word in words
        for line_id in (word.returns_line_id, word.line_id)
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
    return {word.rlts_traf_id for word in words if word.rlts_traf_id is not None}
