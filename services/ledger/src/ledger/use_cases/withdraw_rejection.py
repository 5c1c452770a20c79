"""Take a refusal back: the bank carries the payment out after all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.domain.rejections import (
    ObligationClosed,
    OrderStep,
    ReturnIsMadeAnew,
    require_rejected,
    require_withdrawable,
)
from ledger.repository import order_events, orders, rejections
from ledger.repository.locks import lock_matching
from ledger.repository.order_events import NewOrderEvent
from ledger.use_cases.lock_order import lock_order
from ledger.use_cases.match_lines import match_cases
from shared.signing.signers import Signers
from shared.web.etags import Expected


async def withdraw_rejection(
    connection: AsyncConnection,
    admdvs: str,
    order_id: UUID,
    *,
    reason: str,
    expected: Expected,
    signers: Signers,
    by: str,
    now: datetime,
) -> None:
    """The bank carries a rejected payment out after all: what was to pay it anew is given up, and the case matched.

    A debit that waited for this is claimed at once. Raises ``NotFound``, ``PreconditionFailed``, ``NotRejected``,
    ``ReturnIsMadeAnew``, ``ObligationClosed`` and ``ReissueReleased``.
    """
    await lock_matching(connection, [admdvs])
    order = await lock_order(connection, admdvs, order_id, expected)
    require_rejected(OrderState(order.state))
    if order.obligation_id is None or order.rlts_traf_id is None:
        raise ReturnIsMadeAnew("退回款项的支付单被拒绝后又扣款的，请将扣款与原来款对冲")
    if not await rejections.is_owed_whole(connection, order.obligation_id):
        raise ObligationClosed("该笔应付已由新版信息表取代、部分认领或另行结清，扣款请按重复付款处理")
    anew = await rejections.reissue_of(connection, order_id)
    if anew is not None:
        reissue_id, state = anew
        require_withdrawable(OrderState(state))
        await orders.set_states(connection, {reissue_id: OrderState.CANCELLED.value})
    await rejections.restore(connection, order_id)
    steps = [NewOrderEvent(order_id, OrderStep.REJECTION_WITHDRAWN, reason)]
    await order_events.add(connection, steps, by=by, now=now)
    await match_cases(connection, admdvs, [order.rlts_traf_id], signers=signers, now=now)
