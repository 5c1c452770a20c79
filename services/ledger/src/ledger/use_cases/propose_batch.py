"""The first of two people: put payment orders into a batch."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import AlreadyOnStatement, OrderState, require_proposable
from ledger.repository import batches, orders
from ledger.repository.batches import BatchRow
from ledger.repository.locks import lock_matching
from ledger.repository.orders import OrderRow
from shared.errors import FieldError, NotFound


async def propose_batch(
    connection: AsyncConnection, admdvs: str, order_ids: Sequence[UUID], *, by: str, now: datetime
) -> UUID:
    """A new batch of the agency's ready orders, proposed by ``by``; its id.

    Raises ``NotFound`` for orders that are not the agency's, ``OrderNotPayable`` and ``AlreadyOnStatement``.
    """
    await lock_matching(connection, [admdvs])
    chosen = await orders.lock_orders(connection, admdvs, order_ids)
    _require_found(order_ids, chosen)
    states = {order.id: OrderState(order.state) for order in chosen}
    require_proposable([states[order_id] for order_id in order_ids])
    await require_not_on_statement(connection, admdvs, chosen)
    batch = BatchRow(uuid4(), admdvs, "proposed", by, now, None, None, None, 1)
    await batches.add(connection, batch, chosen)
    return batch.id


async def require_not_on_statement(connection: AsyncConnection, admdvs: str, chosen: Sequence[OrderRow]) -> None:
    """Returns when the bank shows no unexplained debit for these cases; raises ``AlreadyOnStatement``."""
    cases = [order.rlts_traf_id for order in chosen if order.rlts_traf_id is not None]
    shown = await orders.cases_on_statement(connection, admdvs, cases)
    lines = [order.returns_line_id for order in chosen if order.returns_line_id is not None]
    if await orders.returns_on_statement(connection, admdvs, lines):
        raise AlreadyOnStatement("银行对账单已出现退回这些款项的扣款，请先核清挂账")
    if shown:
        raise AlreadyOnStatement("银行对账单已出现这些办件的扣款，请先核清挂账：" + "、".join(sorted(shown)))


def _require_found(order_ids: Sequence[UUID], chosen: Sequence[OrderRow]) -> None:
    found = {order.id for order in chosen}
    errors = [
        FieldError(f"/order_ids/{index}", "not-found", "没有这张支付单")
        for index, order_id in enumerate(order_ids)
        if order_id not in found
    ]
    if errors:
        raise NotFound("批次中有本机构没有的支付单", errors=errors)
