"""The second clerk confirms a paper sheet: the case is there, and its sheet is received as any other (N9)."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_platform
from inbound.domain.case import CaseState, InboundCase
from inbound.domain.decisions import Clerk
from inbound.domain.paper import (
    EntryState,
    PaperDuplicate,
    PaperEntry,
    decide_entry,
    require_same_case,
    statement_of,
)
from inbound.office import Office
from inbound.repository.cases import add_cases, lock_cases
from inbound.repository.history import Happened, add_history
from inbound.repository.paper import lock_entries, open_of_same, save_decided
from inbound.use_cases.take_in_sheets import Incoming, take_in_sheets
from shared.agency.repository.paper_lock import lock_paper
from shared.clock import SHANGHAI, local_date
from shared.contracts.codes import Origin
from shared.contracts.events import PaperCaseOpened, SheetRouted, TransferAccepted
from shared.contracts.facts import CheckResult, Side, SideFacts
from shared.contracts.party import Party, Role
from shared.errors import NotFound
from shared.law import design, law
from shared.messaging import enqueue
from shared.signing.paper import sign_statement
from shared.signing.seal import sheet_digest
from shared.web.etags import Expected


@design("two people enter a paper sheet; then it goes the way of every sheet")
async def confirm_paper_case(
    connection: AsyncConnection,
    admdvs: str,
    entry_id: UUID,
    clerk: Clerk,
    expected: Expected,
    office: Office,
    *,
    is_confirmed: bool,
    reason: str | None,
) -> PaperEntry:
    """The decided entry; raises ``NotFound``, ``PreconditionFailed``, ``EntryDecided``, ``SamePerson``,
    ``PaperDuplicate`` or ``PaperCaseUnknown``.

    The seal key of a service is local, so signing holds the lock of this one entry for a fraction of a millisecond.
    """
    now = office.clock.now()
    await lock_paper(connection, admdvs)
    entry = (await lock_entries(connection, admdvs, [entry_id])).get(entry_id)
    if entry is None:
        raise NotFound("没有这份纸质信息表。", code="paper-entry-not-found")
    expected.require(entry.row_version)
    decided = decide_entry(entry, clerk, now, is_confirmed=is_confirmed, reason=reason)
    await save_decided(connection, decided)
    if decided.state is EntryState.CONFIRMED:
        # An electronic case of the same relation may have come since it was entered.
        if await open_of_same(connection, admdvs, [entry]):
            raise PaperDuplicate("同一参保关系或同一份纸质材料已有办件。")
        await _receive(connection, decided, clerk, office, now)
    return decided


async def _receive(connection: AsyncConnection, entry: PaperEntry, clerk: Clerk, office: Office, now: datetime) -> None:
    number = entry.rlts_traf_id
    text = await sign_statement(statement_of(entry), office.signers, Party(Role.INBOUND, entry.admdvs))
    days = _days(entry, office, local_date(now))
    cases = await lock_cases(connection, [number])
    if not cases:
        case = _new_case(entry)
        await add_cases(connection, [case], [_accepted(entry, case, days).model_dump_json()], now=now)
        await add_history(connection, [Happened(case, "entered_from_paper", None, clerk, entry.paper_number)], now=now)
        cases = {number: case}
    require_same_case(entry, cases[number])
    due = office.registry.current.calendar.due(local_date(now), days)
    event = SheetRouted(
        sheet_version=entry.sheet.version,
        sealed_sheet=text,
        arrival="",
        acct_disposition=entry.sheet.acct_disposition,
        routed_at=now,
        inbound_due_on=due.on,
        inbound_days=days,
        is_due_provisional=due.is_provisional,
    )
    incoming = Incoming(number, event, entry.sheet, sheet_digest(text), clerk)
    told = PaperCaseOpened(
        lodged=entry.lodged,
        trafout_admdvs=entry.sheet.trafout_admdvs,
        trafin_admdvs=entry.admdvs,
        accepted_at=cases[number].accepted_at,
        acct_disposition=entry.sheet.acct_disposition,
        sheet_version=entry.sheet.version,
        paper_sheet=text,
    )
    await enqueue(connection, [to_platform(cases[number], told)], signers=office.signers, now=now)
    await take_in_sheets(connection, cases, [incoming], office)


@law("N9-1")
def _days(entry: PaperEntry, office: Office, received_on: date) -> int:
    """The inbound's working days, by its own region's policy."""
    registry = office.registry.current
    deadlines = registry.policy(entry.admdvs, received_on).sections.deadlines
    is_within = registry.province_of(entry.admdvs) == registry.province_of(entry.sheet.trafout_admdvs)
    return (deadlines.within_province if is_within else deadlines.across_provinces).inbound_days


def _new_case(entry: PaperEntry) -> InboundCase:
    sheet = entry.sheet
    return InboundCase(
        rlts_traf_id=entry.rlts_traf_id,
        trafin_admdvs=entry.admdvs,
        trafout_admdvs=sheet.trafout_admdvs,
        trafin_insutype=sheet.trafin_insutype,
        trafout_insutype=sheet.trafout_insutype,
        psn_name=sheet.head.psn_name,
        psn_cert_type=sheet.head.psn_cert_type,
        certno=sheet.head.certno,
        trafin_psn_no=entry.trafin_psn_no,
        trafin_rlts_id=None,
        state=CaseState.ANNOUNCED,
        acct_disposition=sheet.acct_disposition,
        accepted_at=datetime.combine(entry.applied_on, time.min, SHANGHAI),
        total_due_on=None,
        origin=Origin.PAPER,
    )


def _accepted(entry: PaperEntry, case: InboundCase, days: int) -> TransferAccepted:
    """What stands where an electronic case keeps what the platform accepted: no facts of the other side."""
    unknown = SideFacts(facts_as_of=None)
    sides = {
        side: CheckResult(rlts_traf_id=case.rlts_traf_id, side=side, admdvs=admdvs, facts=unknown)
        for side, admdvs in ((Side.OUTBOUND, case.trafout_admdvs), (Side.INBOUND, case.trafin_admdvs))
    }
    return TransferAccepted(
        lodged=entry.lodged,
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        accepted_at=case.accepted_at,
        outbound_facts=sides[Side.OUTBOUND],
        inbound_facts=sides[Side.INBOUND],
        acct_disposition=case.acct_disposition,
        outbound_due_on=entry.applied_on,
        inbound_days=days,
        total_due_on=None,
    )
