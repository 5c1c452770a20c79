"""Whether released payments may leave for the bank now: something may have come up since two people released them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import OrderState
from ledger.domain.payment_file import PaymentFileHeld, at_order
from ledger.repository import order_blocks
from ledger.repository.orders import lock_orders
from ledger.use_cases.propose_batch import require_not_on_statement
from ledger.use_cases.watch_accounts import watch_accounts
from shared.law import design
from shared.registry.registry import Registry


@design(
    "a released payment that is held, or whose account has changed, does not leave for the bank",
    "a released payment does not leave beside an unexplained debit of its case",
)
async def let_leave(
    connection: AsyncConnection, admdvs: str, orders: Mapping[UUID, int], *, registry: Registry, now: datetime
) -> None:
    """Returns when nothing holds any of the released ``orders``, and the bank shows no debit for them that nobody has
    explained: somebody may have paid by another way.

    The caller holds the agency's matching lock. Raises ``PaymentFileHeld`` naming each by its place, and
    ``AlreadyOnStatement``.
    """
    await watch_accounts(connection, [admdvs], registry, now=now)
    states = await order_blocks.open_states(connection, list(orders))
    held = sorted((place, each) for each, place in orders.items() if states[each][1] == OrderState.HELD)
    if held:
        raise PaymentFileHeld.of(
            at_order(place, "held", f"支付单 {each}：业务暂缓，或账户已变更待核实") for place, each in held
        )
    await require_not_on_statement(connection, admdvs, await lock_orders(connection, admdvs, list(orders)))
