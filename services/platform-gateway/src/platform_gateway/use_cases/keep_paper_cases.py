"""Keep what an agency tells of its cases on paper, so that progress, statistics and A08 know of them (*design*)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, HistoryEntry, Note, move, note, refused, sheet_taken
from platform_gateway.domain.states import CaseState, Command, CommandNotAllowed
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import deadlines, sheets
from platform_gateway.use_cases.accept_cases import start_clock
from platform_gateway.use_cases.case_policies import transfer_of, version_of
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of
from platform_gateway.use_cases.money_states import recompute_money
from shared import certno
from shared.clock import local_date
from shared.contracts.codes import Origin
from shared.contracts.events import PaperCaseOpened
from shared.contracts.paper import PaperSheet
from shared.contracts.party import Role
from shared.errors import DomainError
from shared.law import design
from shared.messaging.delivery import CannotApply, Delivery, NotAParty
from shared.registry.registry import Registry
from shared.signing.errors import DigestDiffers, WrongOwner
from shared.signing.paper import OpenedStatement, open_paper_sheet
from shared.time_limits import CasePolicies, ClockKind, policies_of_paper, time_limit

Told = Delivery[PaperCaseOpened]


@design("the platform keeps a record of cases on paper")
async def keep_paper_cases(context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Told]) -> None:
    """Open each case that is new; add the sheet that came; raises ``NotAParty`` or ``CannotApply``."""
    now, registry = context.clock.now(), await context.registry.at(connection)
    opened = {each.rlts_traf_id: _opened_sheet(each, registry, context) for each in deliveries}
    known = await case_rows.lock(connection, [each.rlts_traf_id for each in deliveries])
    changes, causes = Changes(), {each.rlts_traf_id: cause_of(each, now) for each in deliveries}
    for each in deliveries:
        case = known.get(each.rlts_traf_id)
        if case is None:
            case = await _open(connection, context, registry, changes, each)
        _require_same_case(case, each)
        sheet = opened[each.rlts_traf_id]
        if sheet is not None and each.event.paper_sheet is not None:
            cause = causes[each.rlts_traf_id]
            await _take(connection, context, registry, changes, case, sheet, each.event.paper_sheet, cause)
    with_sheet = [number for number, sheet in opened.items() if sheet is not None and number in changes.cases]
    await recompute_money(connection, changes, [changes.cases[number] for number in with_sheet], causes)
    await save_changes(connection, context, changes, now)


def _opened_sheet(each: Told, registry: Registry, context: GatewayContext) -> OpenedStatement[PaperSheet] | None:
    event, sender = each.event, each.sender
    own = {Role.OUTBOUND: event.trafout_admdvs, Role.INBOUND: event.trafin_admdvs}
    if own.get(sender.role) != sender.admdvs:
        raise NotAParty("发送方不是该纸质办件的经办方")
    if event.paper_sheet is None:
        return None
    try:
        opened = open_paper_sheet(event.paper_sheet, registry.keys, context.clock.now())
        _require_same(each, opened)
    except DomainError as error:
        raise CannotApply(error.message, code=error.code) from error
    return opened


def _require_same(each: Told, opened: OpenedStatement[PaperSheet]) -> None:
    sheet = opened.statement.sheet
    if opened.owner != each.sender:
        raise WrongOwner("纸质信息表的声明不是来件机构自己签署的")
    stated = (sheet.rlts_traf_id, sheet.version, sheet.trafout_admdvs, sheet.trafin_admdvs)
    if stated != (each.rlts_traf_id, each.event.sheet_version, each.event.trafout_admdvs, each.event.trafin_admdvs):
        raise DigestDiffers("声明中的办件编号、版本或两地与消息不一致")


def _require_same_case(case: Case, each: Told) -> None:
    """Who knows a number has no word in another's case, nor in one that runs through the platform."""
    is_same = (case.trafout_admdvs, case.trafin_admdvs) == (each.event.trafout_admdvs, each.event.trafin_admdvs)
    if case.origin is not Origin.PAPER or not is_same:
        raise NotAParty("该办件编号不是发送方的纸质办件")


async def _open(
    connection: AsyncConnection, context: GatewayContext, registry: Registry, changes: Changes, each: Told
) -> Case:
    event = each.event
    lodged, accepted = event.lodged, Cause(str(each.sender), event.accepted_at, "paper", each.message_id)
    case = Case(
        rlts_traf_id=each.rlts_traf_id,
        lodged=lodged.model_dump(mode="json"),
        person_key=certno.person_key(lodged.application.psn_cert_type, lodged.application.certno),
        trafout_admdvs=event.trafout_admdvs,
        trafin_admdvs=event.trafin_admdvs,
        trafout_insutype=lodged.application.trafout_insutype,
        trafin_insutype=lodged.application.trafin_insutype,
        applicant_subject=str(each.sender),
        applied_at=event.accepted_at,
        state=CaseState.CHECKING,
        state_since=event.accepted_at,
        acct_disposition=event.acct_disposition,
        accepted_at=event.accepted_at,
        origin=Origin.PAPER,
    )
    entries = [HistoryEntry(case.rlts_traf_id, Command.APPLY, None, case.state, accepted)]
    if not await case_rows.insert_open(connection, [case]):
        case = replace(case, is_duplicate=True)
        await case_rows.insert(connection, [case])
        in_the_way = await case_rows.promote(connection, case)
        case = replace(case, is_duplicate=in_the_way is not None, open_rlts_traf_id=in_the_way)
        if in_the_way is not None:
            found = Cause(str(each.sender), context.clock.now(), in_the_way, each.message_id)
            entries.append(note(case, Note.DUPLICATE_FOUND, found))
    policies = _policies(context, registry, case)
    moved, lines = move(replace(case, policy_version=version_of(registry, policies)), Command.ACCEPT, accepted)
    changes.put(moved, [*entries, *lines])
    if each.event.paper_sheet is None:
        _start(context, registry, changes, moved, 0, [ClockKind.OUTBOUND, ClockKind.TOTAL], each)
    return moved


def _start(
    context: GatewayContext,
    registry: Registry,
    changes: Changes,
    case: Case,
    version: int,
    kinds: Sequence[ClockKind],
    each: Told | None = None,
) -> None:
    on = local_date(each.event.accepted_at if each else context.clock.now())
    policies = _policies(context, registry, case)
    limits = [limit for kind in kinds if (limit := time_limit(kind, policies)) is not None]
    clocks = [start_clock(context, registry, limit, on) for limit in limits]
    changes.clocks.extend((case.rlts_traf_id, version, clock) for clock in clocks)


def _policies(context: GatewayContext, registry: Registry, case: Case) -> CasePolicies:
    today = local_date(context.clock.now())
    accepted_on = local_date(case.accepted_at) if case.accepted_at else today
    return policies_of_paper(registry, transfer_of(case), accepted_on, today)


async def _take(
    connection: AsyncConnection,
    context: GatewayContext,
    registry: Registry,
    changes: Changes,
    case: Case,
    opened: OpenedStatement[PaperSheet],
    paper_sheet: str,
    cause: Cause,
) -> None:
    sheet = opened.statement.sheet
    try:
        taken, entries = sheet_taken(case, cause)
    except CommandNotAllowed:
        changes.put(case, [refused(case, Command.TAKE_SHEET, cause)])
        return
    routed = replace(taken, sheet_version=sheet.version)
    changes.put(routed, entries)
    await deadlines.stop(connection, [case.rlts_traf_id], [ClockKind.OUTBOUND, ClockKind.PAYMENT], cause.at)
    owes = sheet.foot.acctfund_traf_amt > 0
    kinds = [ClockKind.INBOUND, *([ClockKind.PAYMENT] if owes else [])]
    _start(context, registry, changes, routed, sheet.version, kinds)
    await sheets.insert(connection, [_row(paper_sheet, opened, cause)])


def _row(paper_sheet: str, opened: OpenedStatement[PaperSheet], cause: Cause) -> dict[str, Any]:
    sheet = opened.statement.sheet
    return {
        "rlts_traf_id": sheet.rlts_traf_id,
        "sheet_version": sheet.version,
        "sealed_sheet": paper_sheet,
        "sheet_digest": opened.digest,
        "arrival": "",
        "arrived_at": cause.at,
        "amount": sheet.foot.acctfund_traf_amt,
        "acct_disposition": sheet.acct_disposition,
        "message_id": cause.message_id,
    }
