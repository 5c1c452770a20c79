"""Accept a case: its clocks start and both sides are told (N7, N8)."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from platform_gateway.context import GatewayContext
from platform_gateway.domain import deadlines
from platform_gateway.domain.case import Case
from platform_gateway.domain.deadlines import Deadline
from platform_gateway.domain.disposition import disposition
from platform_gateway.domain.explained import with_reading
from platform_gateway.domain.history import Cause, move
from platform_gateway.domain.states import Command
from platform_gateway.domain.verdict import Answers
from platform_gateway.use_cases.case_policies import transfer_of, version_of
from platform_gateway.use_cases.changes import Changes
from shared.calendar import WorkingDays
from shared.clock import local_date
from shared.contracts.application import LodgedApplication
from shared.contracts.events import TransferAccepted
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.outgoing import Outgoing
from shared.registry.registry import Registry
from shared.time_limits import ClockKind, TimeLimit, policies_on, required_limit, time_limit


def start_clock(context: GatewayContext, registry: Registry, limit: TimeLimit, started_on: date) -> Deadline:
    """A clock that starts on a day, on the calendar as it is known."""
    return _counted(limit, started_on, registry.calendar, context.settings.deadline_warn_share)


@lru_cache(maxsize=1024)
def _counted(limit: TimeLimit, started_on: date, calendar: WorkingDays, warn_share: float) -> Deadline:
    # Counting days through the calendar is the dearest step of an acceptance, and the same all day long.
    return deadlines.start(limit, started_on, calendar, warn_share)


def accept_case(
    context: GatewayContext, registry: Registry, changes: Changes, case: Case, answers: Answers, cause: Cause
) -> None:
    """Add the acceptance of ``case`` to ``changes``. Both answers must be there."""
    if answers.outbound is None or answers.inbound is None:
        raise ValueError("an application is accepted on the facts of both sides")
    accepted_on = local_date(cause.at)
    policies = policies_on(registry, transfer_of(case), accepted_on)
    outbound_clock = start_clock(context, registry, required_limit(ClockKind.OUTBOUND, policies), accepted_on)
    total = time_limit(ClockKind.TOTAL, policies)
    total_clock = None if total is None else start_clock(context, registry, total, accepted_on)
    clocks = [clock for clock in (outbound_clock, total_clock) if clock is not None]
    where_to, choice = disposition(
        answers.outbound.facts,
        answers.inbound.facts,
        case.trafin_insutype,
        policies.outbound,
        is_inside_area=case.trafout_admdvs == case.trafin_admdvs,
    )
    moved, entries = move(case, Command.ACCEPT, cause)
    decision = case.decision
    if choice is not None:
        decision = with_reading(decision, choice)
    accepted = replace(
        moved,
        decision=decision,
        acct_disposition=where_to,
        accepted_at=cause.at,
        unknown_sides=(),
        next_check_at=None,
        reasons=(),
        policy_version=version_of(registry, policies),
    )
    changes.put(accepted, entries)
    changes.clocks.extend((case.rlts_traf_id, 0, clock) for clock in clocks)
    event = TransferAccepted(
        lodged=LodgedApplication.model_validate(case.lodged),
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        accepted_at=cause.at,
        outbound_facts=answers.outbound,
        inbound_facts=answers.inbound,
        acct_disposition=where_to,
        outbound_due_on=outbound_clock.due_on,
        outbound_days=outbound_clock.limit.days,
        total_days=total.days if total else None,
        inbound_days=required_limit(ClockKind.INBOUND, policies).days,
        total_due_on=total_clock.due_on if total_clock else None,
        is_due_provisional=any(clock.is_provisional for clock in clocks),
    )
    number = case.rlts_traf_id
    changes.hand_over(Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), number, event))
    changes.send(Outgoing(PLATFORM, Party(Role.INBOUND, case.trafin_admdvs), number, event))
