"""A clerk says which paid return to a payer the bank brought back, where matching could not tell."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.refunds import NotRefundable
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import come_backs, proposals, suspense_events, suspense_past
from ledger.repository.suspense_events import NewEvent
from ledger.use_cases.choose_items import Chosen
from shared.law import design
from shared.money import format_yuan


@design("which return came back a person may say, where the bank says too little or brings it in parts")
async def link_come_back(
    connection: AsyncConnection, admdvs: str, chosen: Chosen, order_id: UUID, *, reason: str, by: str, now: datetime
) -> None:
    """The items are what ``order_id`` had given back, or a part of it, as if the bank's file had said so.

    Raises ``NotRefundable``. The caller holds the agency's matching lock.
    """
    await suspense_past.keep_of_lines(connection, chosen.line_ids, now=now)
    # What was proposed took it for the return of something that is owed.
    await proposals.supersede_lines(connection, admdvs, chosen.line_ids, but=())
    for item in chosen.items:
        returned_line_id = await come_backs.link(connection, admdvs, item.line_id, order_id)
        if returned_line_id is None:
            raise NotRefundable("这笔款项不是所指的退回支付单退回来的：支付单须已由同一账户付出，金额不小于这笔款项")
        detail = {
            "order_id": str(order_id),
            "amount": format_yuan(item.amount_fen),
            "bank_line_id": str(item.line_id),
            "reason_before": item.reason.value,
        }
        events = [
            NewEvent(line_id, SuspenseStep.REFUND_CAME_BACK, reason, detail)
            for line_id in (returned_line_id, item.line_id)
        ]
        await suspense_events.add(connection, admdvs, events, by=by, now=now)
