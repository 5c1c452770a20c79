"""The outbound recalls a version that it sealed in error; the platform's commit decides whether that holds."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, HistoryEntry, move, refused
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import deadlines
from platform_gateway.use_cases.case_policies import policies_of
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases
from platform_gateway.use_cases.return_sheets import start_outbound_again
from shared.clock import local_date
from shared.contracts.codes import ReturnCode
from shared.contracts.events import SheetRecalled, SheetReturned
from shared.contracts.events.relation import ReturnReason
from shared.contracts.party import PLATFORM, Party, Role
from shared.law import design
from shared.messaging.delivery import Delivery
from shared.messaging.outgoing import Outgoing
from shared.time_limits import ClockKind, starts_anew

RECALLED = ReturnReason(code=ReturnCode.OTHER, text="转出地撤回")
"""What the outbound is told with its own sheet coming back."""


@design("recall of a sheet sealed in error, before completion")
async def recall_sheets(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[SheetRecalled]]
) -> None:
    """Take the present version of each case back from the inbound; any other recall is refused with a trace.

    The outbound needs no answer to a refused one: what came before it (a return, the completion, the end) is under
    way to it already.
    """
    now = context.clock.now()
    registry = await context.registry.at(connection)
    changes, recalled = Changes(), []
    locked = await lock_cases(connection, deliveries)
    policies = await policies_of(connection, registry, list(locked.by_number.values()), local_date(now))
    for delivery, case in locked.paired(deliveries):
        event, number = delivery.event, case.rlts_traf_id
        cause = cause_of(delivery, now, reason=f"v{event.sheet_version}: {event.reason}")
        try:
            moved, entries = _moved(case, event, cause)
        except CommandNotAllowed:
            changes.put(case, [refused(case, Command.RECALL_SHEET, cause)])
            continue
        changes.put(moved, entries)
        back = SheetReturned(sheet_version=event.sheet_version, returned_at=now, reasons=(RECALLED,))
        if starts_anew(policies[number]):
            recalled.append(number)
            back = start_outbound_again(context, registry, changes, case, back, policies[number])
        changes.send(
            Outgoing(PLATFORM, Party(Role.INBOUND, case.trafin_admdvs), number, event),
            Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), number, back),
        )
    await deadlines.stop(connection, recalled, [ClockKind.INBOUND], now)
    await save_changes(connection, context, changes, now)


def _moved(case: Case, event: SheetRecalled, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    if event.sheet_version != case.sheet_version:
        raise CommandNotAllowed("只能撤回当前版本的信息表")
    return move(case, Command.RECALL_SHEET, cause)
