"""Pay anew what the bank has refused or sent back: a new order with a link, which two people release like any other."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertKind
from ledger.domain.earlier import lacks
from ledger.domain.obligations import Direction, Obligation, ObligationOrigin
from ledger.domain.orders import OrderState
from ledger.domain.refunds import Payee
from ledger.domain.rejections import (
    AlreadyReissued,
    BankContradictsItself,
    ObligationClosed,
    OrderStep,
    ReturnIsMadeAnew,
    WantedPayee,
    payee_anew,
    require_payable_anew,
)
from ledger.repository import alerts, obligations, order_events, rejections
from ledger.repository.locks import lock_matching
from ledger.repository.order_events import NewOrderEvent
from ledger.repository.orders import OrderRow
from ledger.use_cases.lock_order import lock_order
from ledger.use_cases.propose_batch import require_not_on_statement
from ledger.use_cases.registered_accounts import payees_of
from ledger.use_cases.settle_states import settle_states
from ledger.use_cases.watch_accounts import watch_accounts
from shared.case_number import end_to_end_id
from shared.clock import local_date
from shared.law import design, law
from shared.registry.models import AccountUse
from shared.registry.registry import Registry
from shared.web.etags import Expected


@law("N8", "S53-2")
@design("a rejected payment is paid anew under a reference of its own, never beside a debit of the first")
async def reissue_order(
    connection: AsyncConnection,
    admdvs: str,
    order_id: UUID,
    *,
    reason: str,
    payee: WantedPayee | None = None,
    expected: Expected,
    registry: Registry,
    by: str,
    now: datetime,
) -> UUID:
    """The id of the order that pays a refused or returned one anew: same obligation and amount, own ``EndToEndId``.

    It goes to the same account, or to ``payee``. Raises ``NotFound``, ``PreconditionFailed``, ``NotToPayAnew``,
    ``AlreadyReissued``, ``ObligationClosed``, ``ReturnIsMadeAnew``, ``PayeeNotRegistered``, ``BankContradictsItself``
    and ``AlreadyOnStatement``.
    """
    await lock_matching(connection, [admdvs])
    order = await lock_order(connection, admdvs, order_id, expected)
    require_payable_anew(OrderState(order.state))
    if order.obligation_id is None or order.rlts_traf_id is None or order.obligation_no is None:
        raise ReturnIsMadeAnew("退回款项的支付单被拒绝的，请在原挂账款项上重新办理退回")
    owed = await _require_owed(connection, order, order.obligation_id)
    await require_not_on_statement(connection, admdvs, [order])
    attempt = await rejections.last_attempt(connection, order.obligation_id) + 1
    reissue_id = uuid4()
    values = {
        "id": reissue_id,
        "end_to_end_id": end_to_end_id(order.rlts_traf_id, order.obligation_no, attempt),
        "state": OrderState.READY.value,
        "created_at": now,
        "attempt": attempt,
        "reissue_of": order_id,
        "reissue_reason": reason,
        "reissued_by": by,
        **_account(owed, payee, registry, now),
    }
    await rejections.owe_again(connection, order.obligation_id)
    await rejections.add_reissue(connection, order_id, values)
    await order_events.add(connection, [NewOrderEvent(order_id, OrderStep.REISSUED, reason)], by=by, now=now)
    await settle_states(connection, [reissue_id])
    # Accounts may have changed since the first order was sealed, and money that goes elsewhere is looked at twice.
    await watch_accounts(connection, [admdvs], registry, now=now)
    return reissue_id


async def _require_owed(connection: AsyncConnection, order: OrderRow, obligation_id: int) -> Obligation:
    if await rejections.reissue_of(connection, order.id) is not None:
        raise AlreadyReissued("该支付单已经重新支付")
    key = await obligations.key_of(connection, obligation_id)
    rows = (await obligations.of_cases(connection, [key]))[key]
    if order.state == OrderState.RETURNED:
        is_owed = lacks(obligation_id, rows)
    else:
        is_owed = await rejections.is_owed_whole(connection, obligation_id)
    if not is_owed:
        raise ObligationClosed("该笔应付已经结清、部分认领、作废或由新版信息表取代，不能重新支付")
    if await alerts.is_open(connection, order.admdvs, AlertKind.BANK_ANSWER, order.end_to_end_id):
        raise BankContradictsItself("银行对该笔付款的说法前后矛盾，请先核实并处理提示")
    return next(row for row in rows if row.id == obligation_id)


def _account(owed: Obligation, payee: WantedPayee | None, registry: Registry, now: datetime) -> dict[str, str | None]:
    """The columns of an account that the money goes to instead; none where it goes to the same."""
    if payee is None:
        return {}
    chosen = payee_anew(payee, _registered(owed, registry, now), is_on_paper=owed.origin == ObligationOrigin.PAPER)
    return {
        "payee_bankacct": chosen.bankacct,
        "payee_acctname": chosen.acctname,
        "payee_bankcode": chosen.bankcode,
    }


def _registered(owed: Obligation, registry: Registry, now: datetime) -> Mapping[str, Payee]:
    agency = owed.trafin_admdvs if owed.direction == Direction.PAY else owed.trafout_admdvs
    return payees_of(registry, agency, local_date(now), AccountUse.RECEIVER)
