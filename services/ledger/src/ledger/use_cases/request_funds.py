"""The first of two people: ask the treasury for what waiting orders need."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.fund_requests import OrderNeedsNoFunds
from ledger.domain.orders import OrderState
from ledger.repository import bank_accounts, fund_requests
from ledger.use_cases.choose_orders import WantedOrder, choose_orders


async def request_funds(
    connection: AsyncConnection, admdvs: str, wanted: Sequence[WantedOrder], *, by: str, now: datetime
) -> UUID:
    """A new request over the agency's orders that wait for funds, all from one account; its id.

    Raises ``NotFound`` for orders that are not the agency's, ``PreconditionFailed`` for those that are not as they were
    seen, and ``OrderNeedsNoFunds``.
    """
    chosen = await choose_orders(connection, admdvs, wanted)
    if any(order.state != OrderState.AWAITING_FUNDS for order in chosen):
        raise OrderNeedsNoFunds("只有待用款的支付单可以申请用款")
    if await fund_requests.requested(connection, [order.id for order in chosen]):
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
