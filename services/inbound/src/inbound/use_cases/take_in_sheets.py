"""Sheets that are believed, electronic or on paper: compared, kept, told to the ledger, and the days begin (N9)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import CaseState, InboundCase
from inbound.domain.decisions import Clerk, accept_by_itself
from inbound.domain.differences import compare
from inbound.domain.received_sheet import ReceivedSheet
from inbound.domain.receiving import receive
from inbound.office import Office
from inbound.pooling_areas import pooling_area
from inbound.repository.cases import save_cases
from inbound.repository.history import SYSTEM_CLERK, Happened, add_history
from inbound.repository.sheets import add_sheets
from inbound.use_cases.announce_payables import announce_payables
from inbound.use_cases.carry_out_decisions import carry_out_decisions
from shared.agency.known_person import HeldRecord
from shared.agency.repository.records import load_records
from shared.clock import local_date
from shared.contracts.codes import Origin
from shared.contracts.events import SheetRouted
from shared.contracts.info_sheet import InfoSheet
from shared.sheet_rules import SheetContext, check_sheet


@dataclass(frozen=True, slots=True)
class Incoming:
    """One version of a case's sheet whose document held: what the route says, the content, the file's digest."""

    rlts_traf_id: str
    event: SheetRouted
    sheet: InfoSheet
    digest: str
    by: Clerk = SYSTEM_CLERK
    message_id: UUID | None = None


async def take_in_sheets(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], incoming: Sequence[Incoming], office: Office
) -> None:
    """Take in a version per locked case; raises ``NotAllowed`` or ``SheetVersionOld``."""
    sheets = await _compare_all(connection, cases, incoming, office)
    received = [
        receive(
            cases[each.rlts_traf_id],
            each.event,
            sheet.sheet.foot.acctfund_traf_amt,
            sheet.differences,
            two_people=office.settings.needs_two_people(cases[each.rlts_traf_id].trafin_admdvs),
        )
        for each, sheet in zip(incoming, sheets, strict=True)
    ]
    await add_sheets(connection, sheets)
    await announce_payables(connection, received, sheets, office)
    steps = [
        Happened(case, "sheet_received", cases[case.rlts_traf_id].state, each.by, message_id=each.message_id)
        for case, each in zip(received, incoming, strict=True)
    ]
    await add_history(connection, steps, now=office.clock.now())
    await save_cases(connection, [case for case in received if not _is_automatic(case, office)])
    await _accept_automatically(connection, [case for case in received if _is_automatic(case, office)], sheets, office)


async def _compare_all(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], incoming: Sequence[Incoming], office: Office
) -> list[ReceivedSheet]:
    keys = [(cases[each.rlts_traf_id].trafin_admdvs, cases[each.rlts_traf_id].trafin_psn_no or "") for each in incoming]
    records = await load_records(connection, keys)
    sheets = []
    for each, held in zip(incoming, records, strict=True):
        sheets.append(_compared(cases[each.rlts_traf_id], each, held, office))
        # Hundreds of sheets in a row must not hold up the API of the same process.
        await asyncio.sleep(0)
    return sheets


def _compared(case: InboundCase, each: Incoming, held: HeldRecord | None, office: Office) -> ReceivedSheet:
    now, event = office.clock.now(), each.event
    context = SheetContext(
        rlts_traf_id=case.rlts_traf_id,
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        trafout_insutype=case.trafout_insutype,
        trafin_insutype=case.trafin_insutype,
        psn_name=case.psn_name,
        psn_cert_type=case.psn_cert_type,
        certno=case.certno,
        accepted_on=local_date(case.accepted_at),
        today=local_date(now),
        area=office.registry.current.area,
    )
    findings = check_sheet(each.sheet, context)
    differences = compare(
        each.sheet,
        findings,
        held,
        event.acct_disposition,
        paid_flags=office.settings.paid_clct_flags,
        area_of=partial(pooling_area, office.registry.current, on=context.today),
    )
    return ReceivedSheet(
        rlts_traf_id=case.rlts_traf_id,
        sheet_version=event.sheet_version,
        sealed_sheet=event.sealed_sheet,
        arrival=event.arrival,
        sheet_digest=each.digest,
        sheet=each.sheet,
        findings=tuple(findings),
        differences=tuple(differences),
        received_at=now,
    )


def _is_automatic(case: InboundCase, office: Office) -> bool:
    """What two people typed from paper is looked at by a third and a fourth, whatever the setting says."""
    is_asked = case.trafin_admdvs in office.settings.auto_accept_agencies and case.origin is Origin.ELECTRONIC
    return is_asked and case.difference_count == 0 and case.trafin_psn_no is not None


async def _accept_automatically(
    connection: AsyncConnection, received: Sequence[InboundCase], sheets: Sequence[ReceivedSheet], office: Office
) -> None:
    now = office.clock.now()
    accepted = [accept_by_itself(case, now) for case in received]
    await save_cases(connection, accepted)
    steps = [Happened(case, "accepted_automatically", CaseState.RECEIVED) for case in accepted]
    await add_history(connection, steps, now=now)
    by_case = {sheet.rlts_traf_id: sheet for sheet in sheets}
    await carry_out_decisions(connection, accepted, by_case, office)
