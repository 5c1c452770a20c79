"""AddendumRouted: money that came after sealing; verified by ourselves, told to our ledger."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import CaseState
from inbound.office import Office
from inbound.use_cases.locked_cases import lock_delivered
from inbound.use_cases.take_in_addenda import IncomingAddendum, take_in_addenda
from shared.contracts.codes import Origin
from shared.contracts.events import AddendumRouted
from shared.law import design
from shared.messaging import CannotApply, Delivery
from shared.signing.addendum import OpenedAddendum, open_arrived_addendum
from shared.signing.errors import KeyUnknown

_OVER = (CaseState.ANNOUNCED, CaseState.WITHDRAWN, CaseState.TERMINATED)


@design("addendum for money after sealing")
async def receive_addenda(
    connection: AsyncConnection, deliveries: Sequence[Delivery[AddendumRouted]], office: Office
) -> None:
    """Take in an addendum per delivery.

    Raises ``VerificationFailed`` where seal or arrival do not hold, ``CannotApply`` for a case that takes none.
    """
    cases = await lock_delivered(connection, deliveries)
    incoming = []
    for delivery in deliveries:
        opened = await _open(delivery, office)
        if cases[delivery.rlts_traf_id].state in _OVER:
            raise CannotApply("办件当前状态不接收补充单", code="addendum-not-expected")
        event = delivery.event
        incoming.append(
            IncomingAddendum(
                delivery.rlts_traf_id,
                opened.addendum,
                event.sealed_addendum,
                event.arrival,
                opened.digest,
                Origin.ELECTRONIC,
                message_id=delivery.message_id,
            )
        )
    await take_in_addenda(connection, cases, incoming, office)


async def _open(delivery: Delivery[AddendumRouted], office: Office) -> OpenedAddendum:
    event = delivery.event
    try:
        arrival, opened = open_arrived_addendum(event.sealed_addendum, event.arrival, office.registry.current.keys)
    except KeyUnknown:
        if not await office.registry.refresh_for_unknown():
            raise
        arrival, opened = open_arrived_addendum(event.sealed_addendum, event.arrival, office.registry.current.keys)
    if (arrival.rlts_traf_id, arrival.addendum_no) != (delivery.rlts_traf_id, event.addendum_no):
        raise CannotApply("补充单的办件编号或序号与消息不一致", code="addendum-of-another-case")
    return opened
