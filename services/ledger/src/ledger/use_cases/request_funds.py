"""The first of two people: ask the treasury for what waiting orders need."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.fund_requests import OrderNeedsNoFunds
from ledger.domain.orders import OrderState
from ledger.repository import bank_accounts, fund_requests, orders
from ledger.repository.locks import lock_matching
from shared.errors import NotFound


async def request_funds(
    connection: AsyncConnection, admdvs: str, order_ids: Sequence[UUID], *, by: str, now: datetime
) -> UUID:
    """A new request over the agency's orders that wait for funds, all from one account; its id.

    Raises ``NotFound`` for orders that are not the agency's, and ``OrderNeedsNoFunds``.
    """
    await lock_matching(connection, [admdvs])
    chosen = await orders.lock_orders(connection, admdvs, order_ids)
    if len(chosen) < len(set(order_ids)):
        raise NotFound("申请中有本机构没有的支付单")
    if any(order.state != OrderState.AWAITING_FUNDS for order in chosen):
        raise OrderNeedsNoFunds("只有待用款的支付单可以申请用款")
    if await fund_requests.requested(connection, order_ids):
        raise OrderNeedsNoFunds("有支付单已经在另一份用款申请中")
    numbers = {order.payer_bankacct for order in chosen}
    # Read and not locked: an import holds the account while it waits for the matching lock that is held here.
    accounts = [one for one in await bank_accounts.of_agency(connection, admdvs) if one.bankacct in numbers]
    if len(numbers) > 1 or len(accounts) != 1:
        raise OrderNeedsNoFunds("一份用款申请只能用于一个付款账户")
    [account] = accounts
    request_id = uuid4()
    await fund_requests.add(connection, request_id, account.id, chosen, proposed_by=by, proposed_at=now)
    return request_id
