"""The connected agency has ended a case on paper after its sheet: two of its people, by what the other side wrote."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.history import refused
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.schemas.proposals import Termination
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases
from platform_gateway.use_cases.terminate_case import terminate_case
from shared.contracts.codes import Origin
from shared.contracts.events import TransferTerminated
from shared.messaging.delivery import Delivery, NotAParty


async def terminate_paper_cases(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferTerminated]]
) -> None:
    """End the cases; raises ``NotAParty`` for one that is not on paper, which both its sides end on the platform."""
    now, changes = context.clock.now(), Changes()
    locked = await lock_cases(connection, deliveries)
    for delivery, case in locked.paired(deliveries):
        if case.origin is not Origin.PAPER:
            raise NotAParty("电子办件的终止由双方在平台确认")
        event = delivery.event
        cause = cause_of(delivery, now, reason=event.reason)
        termination = Termination(
            kind="termination", cause=event.cause, reason=event.reason, money_path=event.money_path
        )
        try:
            await terminate_case(connection, changes, case, termination, cause)
        except CommandNotAllowed:
            changes.put(case, [refused(case, Command.TERMINATE, cause)])
    await save_changes(connection, context, changes, now)
