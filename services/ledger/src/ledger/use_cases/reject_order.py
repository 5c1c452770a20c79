"""A person notes that the bank refused a payment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.domain.rejections import OrderStep, require_rejectable
from ledger.repository import order_events, rejections
from ledger.repository.locks import lock_matching
from ledger.repository.order_events import NewOrderEvent
from ledger.repository.rejections import BankAnswer
from ledger.use_cases.follow_rejections import follow_rejections
from ledger.use_cases.lock_order import lock_order
from ledger.use_cases.propose_batch import require_not_on_statement
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
    signers: Signers,
    by: str,
    now: datetime,
) -> None:
    """A released order becomes rejected, for ``reason``; ``code`` is ISO's where the bank gives one.

    The line that it would have given back is matched again.

    Raises ``NotFound``, ``PreconditionFailed``, ``NotRejectable`` and ``AlreadyOnStatement``.
    """
    await lock_matching(connection, [admdvs])
    order = await lock_order(connection, admdvs, order_id, expected)
    require_rejectable(OrderState(order.state))
    await require_not_on_statement(connection, admdvs, [order])
    await rejections.keep_answers(connection, [BankAnswer(order_id, _STATUS, code, reason, True)], by=by, now=now)
    await order_events.add(connection, [NewOrderEvent(order_id, OrderStep.REJECTED, reason)], by=by, now=now)
    await follow_rejections(connection, admdvs, [(order, code)], by=by, signers=signers, now=now)
