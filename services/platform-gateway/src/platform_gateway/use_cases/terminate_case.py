"""The end of a case after its sheet was issued: death, retirement midway, 重复参保, the person returns (*design*)."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, move
from platform_gateway.domain.states import Command
from platform_gateway.repository import deadlines
from platform_gateway.schemas.proposals import Termination
from platform_gateway.use_cases.changes import Changes
from shared.contracts.events import TransferTerminated
from shared.contracts.party import PLATFORM, Party, Role
from shared.law import design
from shared.messaging.outgoing import Outgoing
from shared.time_limits import ClockKind


@design("how a case ends after its sheet")
async def terminate_case(
    connection: AsyncConnection, changes: Changes, case: Case, termination: Termination, cause: Cause
) -> None:
    """End the locked case, stop its clocks and tell both sides; raises ``CommandNotAllowed``."""
    moved, entries = move(case, Command.TERMINATE, replace(cause, reason=f"{termination.cause}: {cause.reason}"))
    number = case.rlts_traf_id
    changes.put(replace(moved, money_path=termination.money_path, handover_message_id=None), entries)
    event = TransferTerminated(
        terminated_at=cause.at,
        cause=termination.cause,
        reason=termination.reason,
        money_path=termination.money_path,
    )
    changes.send(
        Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), number, event),
        Outgoing(PLATFORM, Party(Role.INBOUND, case.trafin_admdvs), number, event),
    )
    await deadlines.stop(connection, [number], list(ClockKind), cause.at)
