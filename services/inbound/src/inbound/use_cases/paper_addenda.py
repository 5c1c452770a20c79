"""Enter an addendum that came on paper, by one clerk; take it in when another confirms it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_platform
from inbound.domain.case import InboundCase
from inbound.domain.decisions import Clerk
from inbound.domain.paper import EntryState
from inbound.domain.paper_addendum import (
    AddendumDuplicate,
    AddendumEntry,
    decide_addendum,
    require_open,
    require_right,
    statement_of,
)
from inbound.office import Office
from inbound.repository.addenda import addenda_of
from inbound.repository.cases import lock_cases
from inbound.repository.paper_addenda import add_entry, entries_of, load_entry, save_entry
from inbound.use_cases.outcomes import CaseNotFound
from inbound.use_cases.take_in_addenda import IncomingAddendum, take_in_addenda
from shared.clock import local_date
from shared.contracts.codes import Origin
from shared.contracts.events import AddendumIssued
from shared.contracts.party import Party, Role
from shared.errors import NotFound
from shared.law import design
from shared.messaging import enqueue
from shared.signing.paper import sign_statement
from shared.signing.seal import sheet_digest
from shared.web.etags import Expected


async def enter_paper_addendum(
    connection: AsyncConnection, admdvs: str, entry: AddendumEntry, expected: Expected, office: Office
) -> None:
    """Keep an entry for another clerk.

    Raises ``CaseNotFound``, ``PreconditionFailed``, ``NotAllowed``, ``InvalidInput`` or ``AddendumDuplicate``.
    """
    case = await _own_case(connection, admdvs, entry.rlts_traf_id)
    expected.require(case.version)
    require_open(case)
    require_right(entry, local_date(office.clock.now()))
    standing = [each for each in await entries_of(connection, case.rlts_traf_id) if each.state != EntryState.REJECTED]
    if any(each.state is EntryState.ENTERED for each in standing):
        raise AddendumDuplicate("该办件有一份纸质补充单尚待确认。")
    await _require_new(connection, entry)
    if any(each.scan_digest == entry.scan_digest for each in standing):
        raise AddendumDuplicate("同一份纸质补充单已经录入。")
    await add_entry(connection, entry)


@design("two people enter a paper sheet; then it goes the way of every sheet")
async def confirm_paper_addendum(
    connection: AsyncConnection,
    admdvs: str,
    rlts_traf_id: str,
    entry_id: UUID,
    clerk: Clerk,
    expected: Expected,
    office: Office,
    *,
    is_confirmed: bool,
    reason: str | None,
) -> AddendumEntry:
    """Sign and take in what the second clerk confirms, or send it back; ledger and platform are told.

    Raises ``NotFound``, ``PreconditionFailed``, ``EntryDecided``, ``SamePerson``, ``NotAllowed``.
    """
    now = office.clock.now()
    case = await _own_case(connection, admdvs, rlts_traf_id)
    expected.require(case.version)
    entry = await load_entry(connection, rlts_traf_id, entry_id)
    if entry is None:
        raise NotFound("没有这份纸质补充单。", code="paper-entry-not-found")
    decided = decide_addendum(entry, clerk, now, is_confirmed=is_confirmed, reason=reason)
    await save_entry(connection, decided)
    if decided.state is EntryState.CONFIRMED:
        require_open(case)
        await _take_in(connection, case, decided, clerk, office, now)
    return decided


async def _take_in(
    connection: AsyncConnection, case: InboundCase, entry: AddendumEntry, clerk: Clerk, office: Office, now: datetime
) -> None:
    area = office.registry.current.area(case.trafout_admdvs)
    statement = statement_of(entry, case, area.name if area else case.trafout_admdvs)
    text = await sign_statement(statement, office.signers, Party(Role.INBOUND, case.trafin_admdvs))
    stated = entry.payer_account.bankacct if entry.payer_account else ""
    incoming = IncomingAddendum(
        case.rlts_traf_id, statement.addendum, text, "", sheet_digest(text), Origin.PAPER, stated, clerk
    )
    told = AddendumIssued(addendum_no=entry.addendum_no, sealed_addendum=text, amount=entry.amount, sealed_at=now)
    await enqueue(connection, [to_platform(case, told)], signers=office.signers, now=now)
    await take_in_addenda(connection, {case.rlts_traf_id: case}, [incoming], office)


async def _require_new(connection: AsyncConnection, entry: AddendumEntry) -> None:
    # Letters overtake one another: a lower number may come after a higher one.
    if any(each.addendum_no == entry.addendum_no for each in await addenda_of(connection, entry.rlts_traf_id)):
        raise AddendumDuplicate(f"该办件已有第{entry.addendum_no}号补充单。")


async def _own_case(connection: AsyncConnection, admdvs: str, rlts_traf_id: str) -> InboundCase:
    case = (await lock_cases(connection, [rlts_traf_id], trafin_admdvs=admdvs)).get(rlts_traf_id)
    if case is None:
        raise CaseNotFound("没有这个办件。")
    return case
