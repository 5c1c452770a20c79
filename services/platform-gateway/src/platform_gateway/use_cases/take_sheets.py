"""Take sealed sheets in: verify, check, countersign, keep and route them, or refuse them with findings (N8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.deadlines import ClockKind
from platform_gateway.domain.history import Cause, HistoryEntry, Note, correct, move, note, refused
from platform_gateway.domain.sheet_intake import SheetNotTaken, require_right
from platform_gateway.domain.states import CaseState, Command, CommandNotAllowed
from platform_gateway.repository import deadlines, sheets
from platform_gateway.use_cases.accept_cases import case_limit, start_clock
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases
from platform_gateway.use_cases.money_states import recompute_money
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import SheetAccepted, SheetIssued, SheetRefused, SheetRouted
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.delivery import Delivery
from shared.messaging.outgoing import Outgoing
from shared.registry.registry import Registry
from shared.sheet_rules import sheet_finding
from shared.signing.countersign import countersign
from shared.signing.errors import ContentUnreadable, VerificationFailed
from shared.signing.seal import OpenedSheet, open_sheet


@dataclass(slots=True)
class _Intake:
    """What the set comes to, and what it is judged by."""

    context: GatewayContext
    registry: Registry
    now: datetime
    changes: Changes = field(default_factory=Changes)
    kept: list[dict[str, Any]] = field(default_factory=list)
    causes: dict[str, Cause] = field(default_factory=dict)


async def take_sheets(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[SheetIssued]]
) -> None:
    """Take the sheets of ``deliveries`` in, each for itself."""
    intake = _Intake(context, await context.registry.at(connection), context.clock.now())
    locked = await lock_cases(connection, deliveries)
    for delivery, case in locked.paired(deliveries):
        cause = cause_of(delivery, intake.now)
        try:
            opened = _judged(intake, case, delivery.event)
        except SheetNotTaken as error:
            _refuse(intake, case, delivery.event, error, cause)
            continue
        await _take(intake, case, delivery.event, opened, cause)
    await _save(connection, intake)


def _judged(intake: _Intake, case: Case, event: SheetIssued) -> OpenedSheet:
    """The sheet when everything about it holds; raises ``SheetNotTaken``."""
    try:
        _moved(case, Cause(str(PLATFORM), intake.now))
    except CommandNotAllowed as error:
        code = "withdrawn" if case.state is CaseState.WITHDRAWN else error.code
        raise SheetNotTaken(error.message, code=code) from error
    try:
        opened = open_sheet(event.sealed_sheet, intake.registry.keys, intake.now)
    except ContentUnreadable as error:
        raise SheetNotTaken(error.message, code=error.code, findings=error.findings) from error
    except VerificationFailed as error:
        finding = sheet_finding("E23", detail=error.message)
        raise SheetNotTaken(error.message, code=error.code, findings=(finding,)) from error
    require_right(case, event, opened.sheet, today=local_date(intake.now), area=intake.registry.area)
    return opened


def _moved(case: Case, cause: Cause) -> tuple[Case, list[HistoryEntry]]:
    """The case with its sheet on the way to the inbound; a completed one stays so, its correction is under way."""
    if case.state is CaseState.COMPLETED:
        return correct(case, Command.TAKE_CORRECTION, cause)
    issued, taken = move(case, Command.TAKE_SHEET, cause)
    routed, sent = move(issued, Command.ROUTE_SHEET, cause)
    return routed, [*taken, *sent]


async def _take(intake: _Intake, case: Case, event: SheetIssued, opened: OpenedSheet, cause: Cause) -> None:
    # The platform's seal key is local to this process, so signing inside the transaction holds the lock for a
    # fraction of a millisecond; the instant signed must be the one at which this commit judged the key.
    arrival = await countersign(opened, intake.context.signers, intake.now)
    number, version = case.rlts_traf_id, opened.sheet.version
    routed, entries = _moved(case, cause)
    changes = intake.changes
    changes.put(replace(routed, sheet_version=version, handover_message_id=None), entries)
    intake.causes[number] = cause
    intake.kept.append(_row(event, opened, arrival, cause))
    today = local_date(intake.now)
    limit = case_limit(intake.context, intake.registry, case, local_date(case.accepted_at or intake.now))
    clock = start_clock(intake.context, ClockKind.INBOUND, limit, today)
    if clock is None:
        raise ValueError("every limit has a term for the inbound")
    changes.clocks.append((number, version, clock))
    payment = start_clock(intake.context, ClockKind.PAYMENT, limit, today)
    if payment is not None and opened.sheet.foot.acctfund_traf_amt > 0:
        changes.clocks.append((number, version, payment))
    outbound, inbound = Party(Role.OUTBOUND, case.trafout_admdvs), Party(Role.INBOUND, case.trafin_admdvs)
    accepted = SheetAccepted(sheet_version=version, arrival=arrival)
    routed_event = SheetRouted(
        sheet_version=version,
        sealed_sheet=event.sealed_sheet,
        arrival=arrival,
        acct_disposition=opened.sheet.acct_disposition,
        routed_at=intake.now,
        inbound_due_on=clock.due_on,
        is_due_provisional=clock.is_provisional,
    )
    changes.send(
        Outgoing(PLATFORM, outbound, number, accepted),
        Outgoing(PLATFORM, inbound, number, routed_event),
    )


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
