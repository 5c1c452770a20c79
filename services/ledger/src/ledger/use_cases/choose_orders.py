"""The payment orders that a clerk puts together, as they were seen: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState, described
from ledger.repository import orders
from ledger.repository.locks import lock_matching
from ledger.repository.orders import OrderRow
from shared.errors import FieldError, NotFound, PreconditionFailed
from shared.web.etags import Expected


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """An order that a clerk puts with others, as he has seen it."""

    order_id: UUID
    expected: Expected


async def choose_orders(connection: AsyncConnection, admdvs: str, wanted: Sequence[WantedOrder]) -> list[OrderRow]:
    """Lock the agency's matching and these orders; they are answered as asked, each once.

    Raises ``NotFound`` and ``PreconditionFailed``, which name every order at fault.
    """
    await lock_matching(connection, [admdvs])
    present = {order.id: order for order in await orders.lock_orders(connection, admdvs, _ids(wanted))}
    unknown = [
        FieldError(f"/orders/{index}/order_id", "not-found", "没有这张支付单")
        for index, one in enumerate(wanted)
        if one.order_id not in present
    ]
    if unknown:
        raise NotFound("所选的支付单中有本机构没有的", errors=unknown)
    chosen = [present[one.order_id] for one in wanted]
    changed = [
        FieldError(f"/orders/{index}/version", "version-changed", described(OrderState(order.state)))
        for index, (one, order) in enumerate(zip(wanted, chosen, strict=True))
        if not one.expected.allows(order.version)
    ]
    if changed:
        text = f"有 {len(changed)} 张支付单在您读取之后已变动，请重新读取后再提交：{changed[0].message}"
        raise PreconditionFailed(text, errors=changed)
    return chosen


def _ids(wanted: Sequence[WantedOrder]) -> list[UUID]:
    return [one.order_id for one in wanted]
