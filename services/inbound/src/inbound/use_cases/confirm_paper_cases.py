"""The second clerk confirms paper sheets: the cases are there, and their sheets are received as any other (N9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from inbound.domain.receiving import require_receivable
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
from shared.errors import Conflict, DomainError, NotFound
from shared.law import design, law
from shared.messaging import enqueue
from shared.signing.paper import sign_statement
from shared.signing.seal import sheet_digest
from shared.time_limits import ClockKind, Transfer, policies_of_paper, required_limit
from shared.web.etags import Expected


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second clerk says of one entry, and which version of it was compared with the paper."""

    entry_id: UUID
    expected: Expected
    is_confirmed: bool
    reason: str | None


Outcome = PaperEntry | DomainError


@design("two people enter a paper sheet; then it goes the way of every sheet")
async def confirm_paper_cases(
    connection: AsyncConnection, admdvs: str, verdicts: Sequence[Verdict], clerk: Clerk, office: Office
) -> list[Outcome]:
    """Each decided entry, in order, or why it was not: ``NotFound``, ``PreconditionFailed``, ``EntryDecided``,
    ``SamePerson``, ``PaperDuplicate``, ``PaperCaseUnknown``, ``NotAllowed``, ``SheetVersionOld``.

    The seal key of a service is local, so signing holds the locks of the set for a fraction of a millisecond each.
    """
    now = office.clock.now()
    await lock_paper(connection, admdvs)
    entries = await lock_entries(connection, admdvs, [verdict.entry_id for verdict in verdicts])
    outcomes = [_decided(verdict, entries.get(verdict.entry_id), clerk, now) for verdict in verdicts]
    confirmed = [each for each in outcomes if isinstance(each, PaperEntry) and each.state is EntryState.CONFIRMED]
    # An electronic case of the same relation may have come since it was entered.
    in_the_way = await open_of_same(connection, admdvs, confirmed)
    cases = await lock_cases(connection, [each.rlts_traf_id for each in confirmed])
    refused: dict[UUID, DomainError] = {}
    seen: set[str] = set()
    for place, entry in enumerate(confirmed):
        error = _against(entry, cases.get(entry.rlts_traf_id), seen, is_double=place in in_the_way)
        if error is not None:
            refused[entry.entry_id] = error
        seen.add(entry.rlts_traf_id)
    outcomes = [refused.get(each.entry_id, each) if isinstance(each, PaperEntry) else each for each in outcomes]
    await save_decided(connection, [each for each in outcomes if isinstance(each, PaperEntry)])
    await _receive(connection, [each for each in confirmed if each.entry_id not in refused], cases, clerk, office)
    return outcomes


def _decided(verdict: Verdict, entry: PaperEntry | None, clerk: Clerk, now: datetime) -> Outcome:
    if entry is None:
        return NotFound("没有这份纸质信息表。", code="paper-entry-not-found")
    try:
        verdict.expected.require(entry.row_version)
        return decide_entry(entry, clerk, now, is_confirmed=verdict.is_confirmed, reason=verdict.reason)
    except DomainError as error:
        return error


def _against(entry: PaperEntry, case: InboundCase | None, seen: set[str], *, is_double: bool) -> DomainError | None:
    """What speaks against receiving a confirmed entry now."""
    if is_double:
        return PaperDuplicate("同一参保关系或同一份纸质材料已有办件。")
    if entry.rlts_traf_id in seen:
        return Conflict("同一办件一次只能确认一版信息表。", code="paper-case-twice")
    if case is None:
        return None
    try:
        require_same_case(entry, case)
        require_receivable(case, entry.sheet.version)
    except DomainError as error:
        return error
    return None


async def _receive(
    connection: AsyncConnection,
    entries: Sequence[PaperEntry],
    known: Mapping[str, InboundCase],
    clerk: Clerk,
    office: Office,
) -> None:
    """Sign what was confirmed, open the cases that are new, and take the sheets in."""
    now = office.clock.now()
    cases, days = dict(known), [_days(entry, office, local_date(now)) for entry in entries]
    for entry in entries:
        cases.setdefault(entry.rlts_traf_id, _new_case(entry))
    new = [(entry, count) for entry, count in zip(entries, days, strict=True) if entry.rlts_traf_id not in known]
    accepted = [_accepted(entry, cases[entry.rlts_traf_id], count).model_dump_json() for entry, count in new]
    await add_cases(connection, [cases[entry.rlts_traf_id] for entry, _ in new], accepted, now=now)
    steps = [
        Happened(cases[entry.rlts_traf_id], "entered_from_paper", None, clerk, entry.paper_number) for entry, _ in new
    ]
    await add_history(connection, steps, now=now)
    incoming, told = [], []
    for entry, count in zip(entries, days, strict=True):
        case = cases[entry.rlts_traf_id]
        text = await sign_statement(statement_of(entry), office.signers, Party(Role.INBOUND, entry.admdvs))
        event = _routed(entry, text, count, office, now)
        incoming.append(Incoming(case.rlts_traf_id, event, entry.sheet, sheet_digest(text), clerk))
        told.append(to_platform(case, _opened(entry, case, text)))
    await enqueue(connection, told, signers=office.signers, now=now)
    await take_in_sheets(connection, cases, incoming, office)


def _routed(entry: PaperEntry, text: str, days: int, office: Office, now: datetime) -> SheetRouted:
    due = office.registry.current.calendar.due(local_date(now), days)
    return SheetRouted(
        sheet_version=entry.sheet.version,
        sealed_sheet=text,
        arrival="",
        acct_disposition=entry.sheet.acct_disposition,
        routed_at=now,
        inbound_due_on=due.on,
        inbound_days=days,
        is_due_provisional=due.is_provisional,
    )


def _opened(entry: PaperEntry, case: InboundCase, text: str) -> PaperCaseOpened:
    return PaperCaseOpened(
        lodged=entry.lodged,
        trafout_admdvs=entry.sheet.trafout_admdvs,
        trafin_admdvs=entry.admdvs,
        accepted_at=case.accepted_at,
        acct_disposition=entry.sheet.acct_disposition,
        sheet_version=entry.sheet.version,
        paper_sheet=text,
    )


@law("N9-1")
def _days(entry: PaperEntry, office: Office, today: date) -> int:
    """The inbound's working days, as the platform counts them."""
    sheet = entry.sheet
    transfer = Transfer(sheet.trafout_admdvs, entry.admdvs, sheet.trafout_insutype, sheet.trafin_insutype)
    policies = policies_of_paper(office.registry.current, transfer, entry.applied_on, today)
    return required_limit(ClockKind.INBOUND, policies).days


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
