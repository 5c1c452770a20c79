"""Let orders go on once the treasury's allotment for them shows on a statement."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.fund_requests import FundRequestAlreadyDecided, FundRequestState, NotTheAllotment
from ledger.domain.orders import UNRELEASED, OrderState
from ledger.repository import fund_requests, order_blocks, orders
from ledger.repository.locks import lock_matching
from ledger.use_cases.settle_states import settle_states
from shared.errors import NotFound
from shared.web.etags import Expected


async def fund_orders_by_file(connection: AsyncConnection, admdvs: str, file_id: UUID) -> None:
    """Fund the requests that a new file's allotments answer; the caller holds the agency's matching lock."""
    funded = await fund_requests.fund_by_file(connection, admdvs, file_id)
    if funded:
        await settle_states(connection, await fund_requests.orders_of(connection, funded))


async def unfund_orders(connection: AsyncConnection, line_ids: Sequence[int]) -> None:
    """Let requests that these lines had answered wait for their allotment again, and what has not left for the money.

    The caller holds the agency's matching lock.
    """
    unfunded = await fund_requests.unfund(connection, line_ids)
    found = await order_blocks.open_states(connection, await fund_requests.orders_of(connection, unfunded))
    short = {
        order_id: after
        for order_id, (before, after) in found.items()
        if before in UNRELEASED and after == OrderState.AWAITING_FUNDS
    }
    await orders.set_states(connection, short)


async def fund_orders_by_hand(
    connection: AsyncConnection, admdvs: str, request_id: UUID, line_id: int, *, expected: Expected
) -> None:
    """A person says which allotment answers a request, where several could, or one answers several.

    Raises ``NotFound``, ``PreconditionFailed``, ``FundRequestAlreadyDecided`` and ``NotTheAllotment``.
    """
    await lock_matching(connection, [admdvs])
    row = await fund_requests.lock(connection, admdvs, request_id)
    if row is None:
        raise NotFound("没有这份用款申请")
    expected.require(row.version)
    if row.state != FundRequestState.APPROVED:
        raise FundRequestAlreadyDecided("只有已复核、尚未拨款的用款申请可以认定拨款")
    if not await fund_requests.fund_by_line(connection, request_id, line_id):
        raise NotTheAllotment("这笔流水不是该账户的财政拨款，或余下的金额少于申请的金额")
    await settle_states(connection, await fund_requests.orders_of(connection, [request_id]))
