"""Take sealed sheets in: verify, check, countersign, keep and route them, or refuse them with findings (N8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, Note, note, refused, sheet_taken
from platform_gateway.domain.sheet_intake import SheetNotTaken, require_right, unreadable
from platform_gateway.domain.states import CaseState, Command, CommandNotAllowed
from platform_gateway.repository import deadlines, sheets
from platform_gateway.use_cases.accept_cases import start_clock
from platform_gateway.use_cases.case_policies import policies_of
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import LockedCases, cause_of, lock_cases
from platform_gateway.use_cases.money_states import recompute_money
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import SheetAccepted, SheetIssued, SheetRefused, SheetRouted
from shared.contracts.party import PLATFORM, Party, Role
from shared.law import law
from shared.messaging.delivery import Delivery
from shared.messaging.outgoing import Outgoing
from shared.registry.registry import Registry
from shared.sheet_rules import sheet_finding
from shared.signing.countersign import countersign
from shared.signing.errors import ContentUnreadable, VerificationFailed
from shared.signing.seal import OpenedSheet, open_sheet
from shared.time_limits import CasePolicies, ClockKind, of_returned_sheet, required_limit, time_limit


@dataclass(slots=True)
class _Intake:
    """What the set comes to, and what it is judged by."""

    context: GatewayContext
    registry: Registry
    now: datetime
    policies: Mapping[str, CasePolicies]
    clocks: Mapping[str, list[Row[Any]]]
    changes: Changes = field(default_factory=Changes)
    kept: list[dict[str, Any]] = field(default_factory=list)
    causes: dict[str, Cause] = field(default_factory=dict)


@law("N8")
async def take_sheets(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[SheetIssued]]
) -> None:
    """Take the sheets of ``deliveries`` in, each for itself."""
    now, registry = context.clock.now(), await context.registry.at(connection)
    locked = await lock_cases(connection, deliveries)
    policies = await policies_of(connection, registry, list(locked.by_number.values()), local_date(now))
    clocks = await deadlines.of_cases(connection, _sent_again(locked))
    intake = _Intake(context, registry, now, policies, clocks)
    for delivery, case in locked.paired(deliveries):
        cause = cause_of(delivery, intake.now)
        try:
            opened = _judged(intake, case, delivery.event)
        except SheetNotTaken as error:
            _refuse(intake, case, delivery.event, error, cause)
            continue
        await _take(intake, case, delivery.event, opened, cause)
    await _save(connection, intake)


def _sent_again(locked: LockedCases) -> list[str]:
    return [number for number, case in locked.by_number.items() if case.sheet_version]


def _judged(intake: _Intake, case: Case, event: SheetIssued) -> OpenedSheet:
    """The sheet when everything about it holds; raises ``SheetNotTaken``."""
    try:
        sheet_taken(case, Cause(str(PLATFORM), intake.now))
    except CommandNotAllowed as error:
        code = "withdrawn" if case.state is CaseState.WITHDRAWN else error.code
        raise SheetNotTaken(error.message, code=code) from error
    try:
        opened = open_sheet(event.sealed_sheet, intake.registry.keys, intake.now)
    except ContentUnreadable as error:
        raise unreadable(case, error, today=local_date(intake.now), area=intake.registry.area) from None
    except VerificationFailed as error:
        finding = sheet_finding("E23", detail=error.message)
        raise SheetNotTaken(error.message, code=error.code, findings=(finding,)) from error
    require_right(case, event, opened.sheet, today=local_date(intake.now), area=intake.registry.area)
    return opened


async def _take(intake: _Intake, case: Case, event: SheetIssued, opened: OpenedSheet, cause: Cause) -> None:
    # The platform's seal key is local to this process, so signing inside the transaction holds the lock for a
    # fraction of a millisecond; the instant signed must be the one at which this commit judged the key.
    arrival = await countersign(opened, intake.context.signers, intake.now)
    number, version = case.rlts_traf_id, opened.sheet.version
    routed, entries = sheet_taken(case, cause)
    changes = intake.changes
    changes.put(replace(routed, sheet_version=version, handover_message_id=None), entries)
    intake.causes[number] = cause
    intake.kept.append(_row(event, opened, arrival, cause))
    due_on, days, is_provisional = _start_clocks(intake, case, opened)
    outbound, inbound = Party(Role.OUTBOUND, case.trafout_admdvs), Party(Role.INBOUND, case.trafin_admdvs)
    accepted = SheetAccepted(sheet_version=version, arrival=arrival)
    routed_event = SheetRouted(
        sheet_version=version,
        sealed_sheet=event.sealed_sheet,
        arrival=arrival,
        acct_disposition=opened.sheet.acct_disposition,
        routed_at=intake.now,
        inbound_due_on=due_on,
        inbound_days=days,
        is_due_provisional=is_provisional,
    )
    changes.send(
        Outgoing(PLATFORM, outbound, number, accepted),
        Outgoing(PLATFORM, inbound, number, routed_event),
    )


def _start_clocks(intake: _Intake, case: Case, opened: OpenedSheet) -> tuple[date, int | None, bool]:
    """Start the clocks of an accepted sheet; the inbound's last day, its days, and whether that is provisional.

    The days are ``None`` for a clock that runs on since an earlier version.
    """
    number, version, today = case.rlts_traf_id, opened.sheet.version, local_date(intake.now)
    policies, clocks = intake.policies[number], intake.changes.clocks
    payment = time_limit(ClockKind.PAYMENT, policies)
    if payment is not None and opened.sheet.foot.acctfund_traf_amt > 0:
        clocks.append((number, version, start_clock(intake.context, intake.registry, payment, today)))
    limit = required_limit(ClockKind.INBOUND, policies)
    if case.sheet_version:
        running = [row for row in intake.clocks[number] if row.kind == ClockKind.INBOUND and row.stopped_at is None]
        if running:
            return running[-1].due_on, None, running[-1].is_provisional
        limit = of_returned_sheet(limit, policies)
    clock = start_clock(intake.context, intake.registry, limit, today)
    clocks.append((number, version, clock))
    return clock.due_on, limit.days, clock.is_provisional


def _refuse(intake: _Intake, case: Case, event: SheetIssued, error: SheetNotTaken, cause: Cause) -> None:
    because = replace(cause, reason=f"v{event.sheet_version}: {error.code}")
    is_out_of_turn = error.code in ("withdrawn", CommandNotAllowed.code)
    trace = refused(case, Command.TAKE_SHEET, because) if is_out_of_turn else note(case, Note.SHEET_REFUSED, because)
    intake.changes.put(case, [trace])
    outbound = Party(Role.OUTBOUND, case.trafout_admdvs)
    answer = SheetRefused(sheet_version=event.sheet_version, code=error.code, findings=error.findings)
    intake.changes.send(Outgoing(PLATFORM, outbound, case.rlts_traf_id, answer))


async def _save(connection: AsyncConnection, intake: _Intake) -> None:
    taken = [row["rlts_traf_id"] for row in intake.kept]
    await deadlines.stop(connection, taken, [ClockKind.OUTBOUND, ClockKind.PAYMENT], intake.now)
    await sheets.insert(connection, intake.kept)
    # Money may have come before the sheet.
    await recompute_money(connection, intake.changes, [intake.changes.cases[number] for number in taken], intake.causes)
    await save_changes(connection, intake.context, intake.changes, intake.now)


def _row(event: SheetIssued, opened: OpenedSheet, arrival: str, cause: Cause) -> dict[str, Any]:
    sheet = opened.sheet
    return {
        "rlts_traf_id": sheet.rlts_traf_id,
        "sheet_version": sheet.version,
        "sealed_sheet": event.sealed_sheet,
        "sheet_digest": opened.digest,
        "arrival": arrival,
        "arrived_at": cause.at,
        "amount": sheet.foot.acctfund_traf_amt,
        "acct_disposition": AcctDisposition(sheet.acct_disposition),
        "message_id": cause.message_id,
    }
