"""TransferWithdrawn: the case ended before a first sheet; nothing was done here."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.transitions import Command, next_state
from inbound.office import Office
from inbound.repository.cases import save_cases
from inbound.repository.history import Happened, add_history
from inbound.use_cases.locked_cases import lock_delivered
from shared.contracts.events import TransferWithdrawn
from shared.messaging import Delivery


async def withdraw_cases(
    connection: AsyncConnection, deliveries: Sequence[Delivery[TransferWithdrawn]], office: Office
) -> None:
    """Close the cases; raises ``NotAllowed`` for one whose sheet is here already."""
    cases = await lock_delivered(connection, deliveries)
    withdrawn, steps = [], []
    for delivery in deliveries:
        case = cases[delivery.rlts_traf_id]
        ended = replace(case, state=next_state(case.state, Command.WITHDRAW))
        withdrawn.append(ended)
        reason, message_id = delivery.event.reason, delivery.message_id
        steps.append(Happened(ended, "withdrawn", case.state, reason=reason, message_id=message_id))
    await save_cases(connection, withdrawn)
    await add_history(connection, steps, now=office.clock.now())
