"""A case is in the outbound's hands once its receipt of the acceptance, or of a return, has come."""

from dataclasses import replace

from platform_gateway.context import GatewayContext
from platform_gateway.domain.history import Cause, move
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import cases as case_rows
from platform_gateway.use_cases.changes import Changes, save_changes
from shared.contracts.party import Party, Role


async def begin_outbound(context: GatewayContext) -> int:
    """Move the cases whose handover was receipted; how many there were."""
    now = context.clock.now()
    changes = Changes()
    async with context.database.transaction() as connection:
        for case in await case_rows.take_receipted(connection, context.settings.timer_batch):
            taken = replace(case, handover_message_id=None)
            cause = Cause(str(Party(Role.OUTBOUND, case.trafout_admdvs)), now, message_id=case.handover_message_id)
            try:
                changes.put(*move(taken, Command.BEGIN_OUTBOUND, cause))
            except CommandNotAllowed:
                # Its sheet, or the end of the case, was faster than the look at the receipts.
                changes.put(taken)
        if changes.cases:
            await save_changes(connection, context, changes, now)
    return len(changes.cases)
