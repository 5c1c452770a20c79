"""转办: an agency that a case was wrongly lodged for gives it to the right one of its province."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.forwarding import forward, hand_on, require_right_area, side_of
from platform_gateway.domain.history import Cause, refused
from platform_gateway.domain.states import Command, CommandNotAllowed, transition
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import deadlines, histories, proposals
from platform_gateway.schemas.transfers import Forwarding
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.check_cases import check_cases
from platform_gateway.use_cases.lodge_cases import lodge_cases
from platform_gateway.use_cases.propose_decision import lock_own_case
from shared.case_number import new_case_number
from shared.clock import local_date
from shared.contracts.events import TransferWithdrawn
from shared.contracts.facts import Side
from shared.contracts.party import PLATFORM, Party, Role
from shared.eligibility.policy import rules_for
from shared.messaging import feed
from shared.messaging.feed import FeedEntry
from shared.messaging.outgoing import Outgoing
from shared.registry.models import Area
from shared.registry.registry import Registry
from shared.time_limits import ClockKind
from shared.web.etags import Expected
from shared.web.idempotency import KeyedRequest, once, remember
from shared.web.principal import Principal


async def forward_transfer(
    context: GatewayContext,
    by: Principal,
    rlts_traf_id: str,
    asked: Forwarding,
    expected: Expected,
    keyed: KeyedRequest,
) -> None:
    """Put the right area in the place of the caller's, then ask both sides and decide as on the first day.

    Once accepted, the case is withdrawn and a new one lodged for that area: what both sides have begun goes back.
    Raises ``CaseNotFound``, ``PreconditionFailed``, ``ForwardingNotTaken``, or ``CommandNotAllowed``, which leaves
    its trace.
    """
    registry = await context.registry.fresh()
    now = context.clock.now()
    async with context.database.transaction() as connection:
        if await once(connection, keyed, now=now) is not None:
            return
        case = await lock_own_case(connection, by, rlts_traf_id)
        expected.require(case.row_version)
        side = side_of(case, by.agency())
        cause = Cause(by.subject, now, reason=asked.reason)
        not_allowed = _not_allowed(case)
        if not_allowed is not None:
            await histories.append(connection, [refused(case, Command.FORWARD, cause)])
        else:
            into = _right_area(registry, case, side, asked.admdvs, cause)
            give = _forward if case.accepted_at is None else _hand_on
            forwarded = await give(connection, context, case, side, into, cause)
            # Not the case's own number: the verdict amends the answers that stand under that.
            resource_id = f"{rlts_traf_id}/forwarding"
            await remember(connection, keyed, status=204, location=None, resource_id=resource_id, now=now)
    if not_allowed is not None:
        raise not_allowed
    await check_cases(context, [forwarded])


def _not_allowed(case: Case) -> CommandNotAllowed | None:
    try:
        transition(case.state, Command.FORWARD, case.sheet_version)
    except CommandNotAllowed as error:
        return error
    return None


def _right_area(registry: Registry, case: Case, side: Side, admdvs: str, cause: Cause) -> Area:
    today = local_date(cause.at)
    trafout, trafin = (registry.resolve(code, today) for code in (case.trafout_admdvs, case.trafin_admdvs))
    present, other = (trafout, trafin) if side is Side.OUTBOUND else (trafin, trafout)
    into = registry.resolve(admdvs, today)
    leaving = into if side is Side.OUTBOUND else trafout
    same_city = leaving is not None and rules_for(registry, leaving.admdvs, today).is_same_city_not_needed
    return require_right_area(case, side, present, into, other, is_same_city_not_needed=same_city)


async def _forward(
    connection: AsyncConnection, context: GatewayContext, case: Case, side: Side, into: Area, cause: Cause
) -> Case:
    """The saved case; it holds the place of its new relation where no other does (A08)."""
    moved, entries = forward(case, side, into, cause)
    forwarded = replace(moved, next_check_at=cause.at + context.settings.check_lease, check_attempts=1)
    changes = Changes()
    changes.put(forwarded, entries)
    await case_rows.save_areas(connection, [forwarded])
    await save_changes(connection, context, changes, cause.at)
    await case_rows.promote(connection, forwarded)
    await proposals.replace_pending(connection, case.rlts_traf_id)
    await feed.append(connection, [_left(case, forwarded, side)], now=cause.at)
    return forwarded


async def _hand_on(
    connection: AsyncConnection, context: GatewayContext, case: Case, side: Side, into: Area, cause: Cause
) -> Case:
    """The new case, lodged in the commit that withdraws the old one: this decides the race against a sheet."""
    ended, entries, successor = hand_on(case, side, into, cause, new_case_number())
    changes = Changes()
    changes.put(ended, entries)
    event = TransferWithdrawn(withdrawn_at=cause.at, reason=entries[-1].cause.reason or "")
    changes.send(
        Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), case.rlts_traf_id, event),
        Outgoing(PLATFORM, Party(Role.INBOUND, case.trafin_admdvs), case.rlts_traf_id, event),
    )
    await deadlines.stop(connection, [case.rlts_traf_id], list(ClockKind), cause.at)
    await case_rows.save_areas(connection, [ended])
    await save_changes(connection, context, changes, cause.at)
    await proposals.replace_pending(connection, case.rlts_traf_id)
    await lodge_cases(connection, context, [successor], asked_now=True)
    return successor


def _left(case: Case, forwarded: Case, side: Side) -> FeedEntry:
    """The last thing that the systems of the replaced agency are told of the case."""
    left = case.trafout_admdvs if side is Side.OUTBOUND else case.trafin_admdvs
    states = {"from_state": case.state, "state": forwarded.state, "money_state": forwarded.money_state}
    return FeedEntry(left, case.rlts_traf_id, f"case.{Command.FORWARD}", states)
