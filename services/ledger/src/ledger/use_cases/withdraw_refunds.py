"""Take back the order that would have given a line back, while nobody has released it; the line waits as before."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.domain.refunds import NotRefundable, RefundReleased
from ledger.domain.suspense_items import SuspenseItem
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import orders, refunds, suspense_events
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.choose_items import Chosen, Wanted, choose_items
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.unlink_come_backs import unlink_come_backs
from shared.signing.signers import Signers


async def withdraw_refunds(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Sequence[Wanted],
    *,
    reason: str,
    signers: Signers,
    by: str,
    now: datetime,
) -> Chosen:
    """Cancel the open returns of items, and match again what the lines name: a sheet may have come meanwhile.

    Items that a person had said to be a return that came back are that no more.

    Refusals besides those of ``choose_items``: ``NotRefundable`` without an open return, ``RefundReleased``.
    """
    chosen = await choose_items(connection, admdvs, wanted)
    present = await refunds.lock_open(connection, chosen.line_ids)

    def unreleased(item: SuspenseItem) -> NewEvent:
        if item.line_id not in present:
            raise NotRefundable("这笔款项没有在办理的退回支付单")
        order_id, state = present[item.line_id]
        if state == OrderState.RELEASED:
            raise RefundReleased("退回支付单已经放行，不能撤回")
        return NewEvent(item.line_id, SuspenseStep.REFUND_WITHDRAWN, reason, {"order_id": str(order_id)})

    chosen, events = chosen.narrowed(unreleased)
    await orders.set_states(connection, {present[event.line_id][0]: OrderState.CANCELLED.value for event in events})
    await suspense_events.add(connection, admdvs, events, by=by, now=now)
    cases = await unlink_come_backs(connection, admdvs, chosen.line_ids, reason=reason, by=by, now=now)
    cases |= {item.rlts_traf_id for item in chosen.items if item.rlts_traf_id}
    await match_cases(connection, admdvs, cases, signers=signers, now=now)
    return chosen
