"""The first of two people: put payment orders into a batch."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.batches import BatchState
from ledger.domain.orders import AlreadyOnStatement, OrderState, require_proposable
from ledger.repository import batches, orders
from ledger.repository.batches import BatchRow
from ledger.repository.orders import OrderRow
from ledger.use_cases.choose_orders import WantedOrder, choose_orders


async def propose_batch(
    connection: AsyncConnection, admdvs: str, wanted: Sequence[WantedOrder], *, by: str, now: datetime
) -> UUID:
    """A new batch of the agency's ready orders, proposed by ``by``; its id.

    Raises ``NotFound`` for orders that are not the agency's, ``PreconditionFailed`` for those that are not as they were
    seen, ``OrderNotPayable`` and ``AlreadyOnStatement``.
    """
    chosen = await choose_orders(connection, admdvs, wanted)
    require_proposable([OrderState(order.state) for order in chosen])
    await require_not_on_statement(connection, admdvs, chosen)
    batch = BatchRow(uuid4(), admdvs, BatchState.PROPOSED.value, by, now, None, None, None, 1)
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
