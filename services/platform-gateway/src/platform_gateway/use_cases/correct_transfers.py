"""The inbound has synced a version that was sealed after the completion; the relation stayed completed."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, HistoryEntry, correct, refused
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import deadlines
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases, require_inbound
from shared.contracts.events import TransferCorrected
from shared.contracts.party import PLATFORM, Party, Role
from shared.law import design
from shared.messaging.delivery import Delivery
from shared.messaging.outgoing import Outgoing
from shared.time_limits import ClockKind


@design("correction of a sheet after completion")
async def correct_transfers(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferCorrected]]
) -> None:
    """Note the corrections as synced, stop the inbound's clocks and tell the outbound; raises ``NotAParty``."""
    now = context.clock.now()
    changes, synced = Changes(), []
    locked = await lock_cases(connection, deliveries)
    for delivery, case in locked.paired(deliveries):
        require_inbound(delivery, case)
        event, number = delivery.event, case.rlts_traf_id
        cause = cause_of(delivery, now, reason=f"v{event.sheet_version}")
        try:
            after, entries = _corrected(case, event, cause)
        except CommandNotAllowed:
            changes.put(case, [refused(case, Command.SYNC_CORRECTION, cause)])
            continue
        changes.put(replace(after, corrected_at=now), entries)
        synced.append(number)
        changes.send(Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), number, event))
    await deadlines.stop(connection, synced, [ClockKind.INBOUND], now)
    await save_changes(connection, context, changes, now)


def _corrected(case: Case, event: TransferCorrected, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    if event.sheet_version != case.sheet_version:
        raise CommandNotAllowed("只能同步当前版本的信息表")
    return correct(case, Command.SYNC_CORRECTION, cause)
