"""The inbound has synced the sheet: the relation's track is done and the outbound's relation may end (N9, N13)."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, HistoryEntry, Note, move, note, refused
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import deadlines
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases, require_inbound
from platform_gateway.use_cases.money_states import close_if_done
from shared.contracts.events import RelationEnded, TransferCompleted
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.delivery import Delivery
from shared.messaging.outgoing import Outgoing
from shared.time_limits import ClockKind


async def complete_transfers(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferCompleted]]
) -> None:
    """Complete the cases, stop their clocks and tell the outbound."""
    now = context.clock.now()
    changes, completed = Changes(), []
    locked = await lock_cases(connection, deliveries)
    for delivery, case in locked.paired(deliveries):
        require_inbound(delivery, case)
        event = delivery.event
        cause = cause_of(delivery, now)
        try:
            moved, entries = _moved(case, event, cause)
        except CommandNotAllowed:
            changes.put(case, [refused(case, Command.COMPLETE, cause)])
            continue
        done = replace(
            moved,
            completed_at=now,
            trafin_psn_no=event.trafin_psn_no,
            benefits=event.benefits.model_dump(mode="json") if event.benefits else None,
            years=event.years.model_dump(mode="json") if event.years else None,
        )
        changes.put(done, entries)
        close_if_done(changes, done, cause)
        completed.append(case.rlts_traf_id)
        # What was decided about the person's benefits is none of the outbound's business.
        passed_on = event.model_copy(update={"benefits": None, "years": None})
        changes.send(Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), case.rlts_traf_id, passed_on))
    await deadlines.stop(connection, completed, [ClockKind.INBOUND, ClockKind.TOTAL], now)
    await save_changes(connection, context, changes, now)


def _moved(case: Case, event: TransferCompleted, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    """Raises ``CommandNotAllowed``; a version that was recalled may be followed by the next before this comes."""
    if event.sheet_version != case.sheet_version:
        raise CommandNotAllowed("只能办结当前版本的信息表")
    return move(case, Command.COMPLETE, cause)


async def note_ended_relations(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[RelationEnded]]
) -> None:
    """Keep that the outbound's relation has ended (status 4, N13)."""
    now = context.clock.now()
    changes = Changes()
    locked = await lock_cases(connection, deliveries)
    for delivery, case in locked.paired(deliveries):
        ended = replace(case, relation_ended_on=delivery.event.ended_on)
        changes.put(ended, [note(ended, Note.RELATION_ENDED, cause_of(delivery, now))])
    await save_changes(connection, context, changes, now)
