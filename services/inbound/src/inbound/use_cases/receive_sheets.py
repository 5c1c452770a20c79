"""SheetRouted: verify the sheet and its arrival ourselves, compare it, start the inbound's days (N9)."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.office import Office
from inbound.use_cases.locked_cases import lock_delivered
from inbound.use_cases.take_in_sheets import Incoming, take_in_sheets
from shared.contracts.events import SheetRouted
from shared.messaging import CannotApply, Delivery
from shared.signing.countersign import ArrivedSheet, open_arrived_sheet
from shared.signing.errors import KeyUnknown

Routed = Delivery[SheetRouted]


async def receive_sheets(connection: AsyncConnection, deliveries: Sequence[Routed], office: Office) -> None:
    """Take in a sheet version per delivery.

    Raises ``VerificationFailed`` where seal or arrival do not hold, ``NotAllowed`` or ``CannotApply`` where the
    case does not wait for this version: the message then goes to quarantine, and nothing of it is stored.
    """
    cases = await lock_delivered(connection, deliveries)
    incoming = []
    for delivery in deliveries:
        arrived = await _open(delivery, office)
        digest = arrived.arrival.sheet_digest
        incoming.append(
            Incoming(
                delivery.rlts_traf_id,
                delivery.event,
                arrived.opened.sheet,
                digest,
                message_id=delivery.message_id,
            )
        )
    await take_in_sheets(connection, cases, incoming, office)


async def _open(delivery: Routed, office: Office) -> ArrivedSheet:
    event = delivery.event
    try:
        arrived = open_arrived_sheet(event.sealed_sheet, event.arrival, office.registry.current.keys)
    except KeyUnknown:
        if not await office.registry.refresh_for_unknown():
            raise
        arrived = open_arrived_sheet(event.sealed_sheet, event.arrival, office.registry.current.keys)
    stated = (arrived.arrival.rlts_traf_id, arrived.arrival.sheet_version)
    if stated != (delivery.rlts_traf_id, event.sheet_version):
        raise CannotApply("信息表的办件编号或版本与消息不一致", code="sheet-of-another-case")
    return arrived
