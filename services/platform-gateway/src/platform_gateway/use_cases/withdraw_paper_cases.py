"""The outbound has withdrawn a case on paper before its sheet was sent."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.history import move, refused
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import deadlines
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases
from shared.contracts.codes import Origin
from shared.contracts.events import TransferWithdrawn
from shared.messaging.delivery import Delivery, NotAParty
from shared.time_limits import ClockKind


async def withdraw_paper_cases(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferWithdrawn]]
) -> None:
    """End the cases; raises ``NotAParty`` for one that is not on paper, whose end the platform itself decides."""
    now, changes, withdrawn = context.clock.now(), Changes(), []
    locked = await lock_cases(connection, deliveries)
    for delivery, case in locked.paired(deliveries):
        if case.origin is not Origin.PAPER:
            raise NotAParty("电子办件的撤销由平台办理")
        cause = cause_of(delivery, now, reason=delivery.event.reason)
        try:
            moved, entries = move(case, Command.WITHDRAW, cause)
        except CommandNotAllowed:
            changes.put(case, [refused(case, Command.WITHDRAW, cause)])
            continue
        changes.put(replace(moved, next_check_at=None, handover_message_id=None), entries)
        withdrawn.append(case.rlts_traf_id)
    await deadlines.stop(connection, withdrawn, list(ClockKind), now)
    await save_changes(connection, context, changes, now)
