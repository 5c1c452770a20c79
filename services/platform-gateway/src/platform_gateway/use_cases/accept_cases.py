"""Accept a case: its clocks start and both sides are told (N7, N8)."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from platform_gateway.context import GatewayContext
from platform_gateway.domain import deadlines
from platform_gateway.domain.case import Case
from platform_gateway.domain.deadlines import ClockKind, Deadline, TimeLimit, limit_for
from platform_gateway.domain.disposition import disposition
from platform_gateway.domain.history import Cause, move
from platform_gateway.domain.states import Command
from platform_gateway.domain.verdict import Answers
from platform_gateway.use_cases.changes import Changes
from shared.calendar import WorkingDays
from shared.clock import local_date
from shared.contracts.application import LodgedApplication
from shared.contracts.events import TransferAccepted
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.outgoing import Outgoing
from shared.registry.registry import Registry


def case_limit(context: GatewayContext, registry: Registry, case: Case, accepted_on: date) -> TimeLimit:
    """The time limit that holds for a case accepted on a day."""
    provinces = [registry.province_of(admdvs) or "" for admdvs in (case.trafout_admdvs, case.trafin_admdvs)]
    return limit_for(context.settings.time_limits, provinces[0], provinces[1], accepted_on)


def start_clock(context: GatewayContext, kind: ClockKind, limit: TimeLimit, started_on: date) -> Deadline | None:
    """A clock of ``kind`` that starts on a day, on this deployment's calendar."""
    return _counted(kind, limit, started_on, context.calendar, context.settings.deadline_warn_share)


@lru_cache(maxsize=1024)
def _counted(
    kind: ClockKind, limit: TimeLimit, started_on: date, calendar: WorkingDays, warn_share: float
) -> Deadline | None:
    # Counting days through the calendar is the dearest step of an acceptance, and the same all day long.
    return deadlines.start(kind, limit, started_on, calendar, warn_share)


def accept_case(
    context: GatewayContext, registry: Registry, changes: Changes, case: Case, answers: Answers, cause: Cause
) -> None:
    """Add the acceptance of ``case`` to ``changes``. Both answers must be there."""
    if answers.outbound is None or answers.inbound is None:
        raise ValueError("an application is accepted on the facts of both sides")
    accepted_on = local_date(cause.at)
    limit = case_limit(context, registry, case, accepted_on)
    clocks = {kind: start_clock(context, kind, limit, accepted_on) for kind in (ClockKind.OUTBOUND, ClockKind.TOTAL)}
    outbound_clock, total_clock = clocks[ClockKind.OUTBOUND], clocks[ClockKind.TOTAL]
    if outbound_clock is None:
        raise ValueError("every limit has a term for the outbound")
    where_to = disposition(
        answers.outbound.facts, answers.inbound.facts, context.settings.disposition_reading, case.trafout_admdvs
    )
    moved, entries = move(case, Command.ACCEPT, cause)
    accepted = replace(
        moved, acct_disposition=where_to, accepted_at=cause.at, unknown_sides=(), next_check_at=None, reasons=()
    )
    changes.put(accepted, entries)
    changes.clocks.extend((case.rlts_traf_id, 0, clock) for clock in clocks.values() if clock is not None)
    event = TransferAccepted(
        lodged=LodgedApplication.model_validate(case.lodged),
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        accepted_at=cause.at,
        outbound_facts=answers.outbound,
        inbound_facts=answers.inbound,
        acct_disposition=where_to,
        outbound_due_on=outbound_clock.due_on,
        inbound_days=limit.inbound_days,
        total_due_on=total_clock.due_on if total_clock else None,
        is_due_provisional=any(clock.is_provisional for clock in clocks.values() if clock is not None),
    )
    number = case.rlts_traf_id
    changes.hand_over(Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), number, event))
    changes.send(Outgoing(PLATFORM, Party(Role.INBOUND, case.trafin_admdvs), number, event))
