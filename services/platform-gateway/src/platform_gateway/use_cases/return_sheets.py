"""Pass returned sheets on to the outbound (退回更正): the inbound's clock stops, one of the outbound's starts."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, HistoryEntry, correct, move, refused
from platform_gateway.domain.states import CaseState, Command, CommandNotAllowed
from platform_gateway.repository import deadlines
from platform_gateway.use_cases.accept_cases import start_clock
from platform_gateway.use_cases.case_policies import policies_of
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases, require_inbound
from shared.clock import local_date
from shared.contracts.codes import Origin
from shared.contracts.events import SheetReturned
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.delivery import Delivery
from shared.messaging.outgoing import Outgoing
from shared.registry.registry import Registry
from shared.time_limits import CasePolicies, ClockKind, of_returned_sheet, required_limit, starts_anew


async def return_sheets(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[SheetReturned]]
) -> None:
    """Return the present version of each case; a return of another version is refused with a trace."""
    now = context.clock.now()
    registry = await context.registry.at(connection)
    changes, returned = Changes(), []
    locked = await lock_cases(connection, deliveries)
    policies = await policies_of(connection, registry, list(locked.by_number.values()), local_date(now))
    for delivery, case in locked.paired(deliveries):
        require_inbound(delivery, case)
        event = delivery.event
        cause = cause_of(delivery, now, reason=f"v{event.sheet_version}: {_codes(event)}")
        try:
            moved, entries = _move(case, event, cause)
        except CommandNotAllowed:
            changes.put(case, [refused(case, _command(case), cause)])
            continue
        changes.put(moved, entries)
        forwarded, under = event, policies[case.rlts_traf_id]
        if starts_anew(under):
            returned.append(case.rlts_traf_id)
            forwarded = start_outbound_again(context, registry, changes, case, event, under)
        outbound = Party(Role.OUTBOUND, case.trafout_admdvs)
        message = Outgoing(PLATFORM, outbound, case.rlts_traf_id, forwarded)
        if moved.state is CaseState.COMPLETED:
            changes.send(message)
        else:
            changes.hand_over(message)
    await deadlines.stop(connection, returned, [ClockKind.INBOUND], now)
    await save_changes(connection, context, changes, now)


def start_outbound_again(
    context: GatewayContext,
    registry: Registry,
    changes: Changes,
    case: Case,
    event: SheetReturned,
    policies: CasePolicies,
) -> SheetReturned:
    """Have ``changes`` start the outbound's clock for ``case``; ``event`` with what it says.

    It starts today; on paper on the day that the outbound returned the sheet by itself, whenever it is heard of.
    """
    limit = of_returned_sheet(required_limit(ClockKind.OUTBOUND, policies), policies)
    on = local_date(event.returned_at if case.origin is Origin.PAPER else context.clock.now())
    clock = start_clock(context, registry, limit, on)
    changes.clocks.append((case.rlts_traf_id, event.sheet_version, clock))
    told = {"outbound_started_on": clock.started_on, "outbound_days": limit.days}
    return event.model_copy(update={**told, "outbound_due_on": clock.due_on})


def _move(case: Case, event: SheetReturned, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    if event.sheet_version != case.sheet_version:
        raise CommandNotAllowed("只能退回当前版本的信息表")
    command = _command(case)
    return (correct if command is Command.RETURN_CORRECTION else move)(case, command, cause)


def _command(case: Case) -> Command:
    return Command.RETURN_CORRECTION if case.state is CaseState.COMPLETED else Command.RETURN_SHEET


def _codes(event: SheetReturned) -> str:
    return ",".join(sorted({reason.code.value for reason in event.reasons}))
