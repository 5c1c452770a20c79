"""The bank has refused to give money back: it waits as before, and is matched again like money that has just come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import suspense_events
from ledger.repository.match_receipts import MatchScope
from ledger.repository.orders import OrderRow
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.match_lines import match_lines
from shared.law import design
from shared.signing.signers import Signers

Rejected = tuple[OrderRow, str | None]
"""An order that the bank has refused, with ISO's reason code where the bank gave one."""


@design("money that the bank refused to give back is matched again, while no debit of its case is unexplained")
async def free_lines(
    connection: AsyncConnection,
    admdvs: str,
    rejected: Sequence[Rejected],
    *,
    by: str,
    signers: Signers,
    now: datetime,
) -> None:
    """Note the refusal at the lines that these orders would have given back, and match the cases that they name.

    A sheet may have come meanwhile. The caller holds the agency's matching lock and has changed the orders.
    """
    freed = [(order, code) for order, code in rejected if order.returns_line_id is not None]
    events = [
        NewEvent(order.returns_line_id, SuspenseStep.REFUND_REFUSED, code, {"order_id": str(order.id)})
        for order, code in freed
        if order.returns_line_id is not None
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
    cases = sorted({order.rlts_traf_id for order, _ in freed if order.rlts_traf_id is not None})
    if cases:
        await match_lines(connection, MatchScope(admdvs, cases), signers=signers, now=now)
