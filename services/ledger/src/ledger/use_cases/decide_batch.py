"""The second of two people: release a batch of payments, or reject it with a reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.batches import BatchAlreadyDecided, BatchEmpty, BatchState
from ledger.domain.orders import OrderState
from ledger.domain.two_people import require_other_person
from ledger.repository import batches, orders
from ledger.repository.locks import lock_matching
from ledger.use_cases.propose_batch import require_not_on_statement
from shared.errors import NotFound
from shared.web.etags import Expected


async def decide_batch(
    connection: AsyncConnection,
    admdvs: str,
    batch_id: UUID,
    *,
    is_approved: bool,
    reason: str | None,
    expected: Expected,
    by: str,
    now: datetime,
) -> None:
    """Decide a proposed batch as ``by``; the database refuses too when that is who proposed it.

    Raises ``NotFound``, ``PreconditionFailed``, ``BatchAlreadyDecided``, ``SamePerson``, ``BatchEmpty`` and
    ``AlreadyOnStatement``.
    """
    await lock_matching(connection, [admdvs])
    batch = await batches.lock(connection, admdvs, batch_id)
    if batch is None:
        raise NotFound("没有这个支付批次")
    expected.require(batch.version)
    if batch.state != BatchState.PROPOSED:
        raise BatchAlreadyDecided("该批次已经复核，不能再次复核")
    require_other_person(batch.proposed_by, by, "支付须由两人办理：提交人不能复核自己提交的批次")
    held = await batches.orders_in(connection, batch_id)
    state = BatchState.RELEASED if is_approved else BatchState.REJECTED
    decision = {"state": state.value, "decided_by": by, "decided_at": now, "reason": reason}
    if not is_approved:
        await batches.decide(connection, batch_id, decision)
        await orders.set_states(connection, {order.id: OrderState.READY.value for order in held})
        return
    if not held:
        raise BatchEmpty("批次中的支付单都已作废或暂缓，请退回该批次")
    await require_not_on_statement(connection, admdvs, held)
    await batches.decide(connection, batch_id, decision)
    await batches.release(connection, batch_id, by=by, now=now)
