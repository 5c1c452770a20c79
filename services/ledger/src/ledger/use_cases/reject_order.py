"""A person notes that the bank refused a payment, or takes such a note back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.domain.rejections import (
    ReturnIsMadeAnew,
    require_rejectable,
    require_rejected,
    require_withdrawable,
)
from ledger.repository import orders, rejections
from ledger.repository.locks import lock_matching
from ledger.repository.match_receipts import MatchScope
from ledger.repository.orders import OrderRow
from ledger.repository.rejections import BankAnswer
from ledger.use_cases.match_lines import match_lines
from ledger.use_cases.propose_batch import require_not_on_statement
from ledger.use_cases.tell_rejections import tell_rejections
from shared.errors import NotFound
from shared.law import design
from shared.signing.signers import Signers
from shared.web.etags import Expected

_STATUS = "RJCT"


@design("banks that send no reports: a person notes the refusal, two people release what pays anew")
async def reject_order(
    connection: AsyncConnection,
    admdvs: str,
    order_id: UUID,
    *,
    reason: str,
    code: str | None,
    expected: Expected,
    by: str,
    now: datetime,
) -> None:
    """A released order becomes rejected, for ``reason``; ``code`` is ISO's where the bank gives one.

    Raises ``NotFound``, ``PreconditionFailed``, ``NotRejectable`` and ``AlreadyOnStatement``.
    """
    await lock_matching(connection, [admdvs])
    order = await lock_order(connection, admdvs, order_id, expected)
    require_rejectable(OrderState(order.state))
    await require_not_on_statement(connection, admdvs, [order])
    await rejections.keep_answers(connection, [BankAnswer(order_id, _STATUS, code, reason, True)], by=by, now=now)
    await tell_rejections(connection, [(order, code)], now=now)


async def withdraw_rejection(
    connection: AsyncConnection, admdvs: str, order_id: UUID, *, expected: Expected, signers: Signers, now: datetime
) -> None:
    """The bank carries a rejected payment out after all: what was to pay it anew is given up, and the case matched.

    A debit that waited for this is claimed at once. Raises ``NotFound``, ``PreconditionFailed``, ``NotRejected``,
    ``ReturnIsMadeAnew`` and ``ReissueReleased``.
    """
    await lock_matching(connection, [admdvs])
    order = await lock_order(connection, admdvs, order_id, expected)
    require_rejected(OrderState(order.state))
    if order.obligation_id is None or order.rlts_traf_id is None:
        raise ReturnIsMadeAnew("退回款项的支付单被拒绝后又扣款的，请将扣款与原来款对冲")
    anew = await rejections.reissue_of(connection, order_id)
    if anew is not None:
        reissue_id, state = anew
        require_withdrawable(OrderState(state))
        await orders.set_states(connection, {reissue_id: OrderState.CANCELLED.value})
    await rejections.restore(connection, order_id)
    await match_lines(connection, MatchScope(admdvs, [order.rlts_traf_id]), signers=signers, now=now)


async def lock_order(connection: AsyncConnection, admdvs: str, order_id: UUID, expected: Expected) -> OrderRow:
    """One order of the agency as the caller has seen it, locked; raises ``NotFound`` and ``PreconditionFailed``."""
    found = await orders.lock_orders(connection, admdvs, [order_id])
    if not found:
        raise NotFound("没有这张支付单")
    expected.require(found[0].version)
    return found[0]
