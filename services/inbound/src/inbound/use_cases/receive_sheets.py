"""SheetRouted: verify the sheet and its arrival ourselves, compare it, start the inbound's days (N9)."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import CaseState, InboundCase
from inbound.domain.decisions import accept_by_itself
from inbound.domain.differences import compare
from inbound.domain.receiving import receive
from inbound.office import Office
from inbound.repository.cases import save_cases
from inbound.repository.history import Happened, add_history
from inbound.repository.sheets import ReceivedSheet, add_sheets
from inbound.use_cases.announce_payables import announce_payables
from inbound.use_cases.carry_out_decisions import carry_out_decisions
from inbound.use_cases.locked_cases import lock_delivered
from shared.agency.known_person import HeldRecord
from shared.agency.repository.records import load_records
from shared.clock import local_date
from shared.contracts.events import SheetRouted
from shared.messaging import CannotApply, Delivery
from shared.sheet_rules import SheetContext, check_sheet
from shared.signing.countersign import ArrivedSheet, open_arrived_sheet
from shared.signing.errors import KeyUnknown

Routed = Delivery[SheetRouted]


async def receive_sheets(connection: AsyncConnection, deliveries: Sequence[Routed], office: Office) -> None:
    """Take in a sheet version per delivery.

    Raises ``VerificationFailed`` where seal or arrival do not hold, ``NotAllowed`` or ``CannotApply`` where the
    case does not wait for this version: the message then goes to quarantine, and nothing of it is stored.
    """
    cases = await lock_delivered(connection, deliveries)
    sheets = await _compare_all(connection, cases, deliveries, office)
    received = [
        receive(
            cases[delivery.rlts_traf_id],
            delivery.event,
            sheet.sheet.foot.acctfund_traf_amt,
            sheet.differences,
            two_people=office.settings.needs_two_people(cases[delivery.rlts_traf_id].trafin_admdvs),
        )
        for delivery, sheet in zip(deliveries, sheets, strict=True)
    ]
    await add_sheets(connection, sheets)
    await announce_payables(connection, received, sheets, office)
    steps = [
        Happened(case, "sheet_received", cases[case.rlts_traf_id].state, message_id=delivery.message_id)
        for case, delivery in zip(received, deliveries, strict=True)
    ]
    await add_history(connection, steps, now=office.clock.now())
    await save_cases(connection, [case for case in received if not _is_automatic(case, office)])
    await _accept_automatically(connection, [case for case in received if _is_automatic(case, office)], sheets, office)


async def _compare_all(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], deliveries: Sequence[Routed], office: Office
) -> list[ReceivedSheet]:
    records = await _own_records(connection, cases)
    sheets = []
    for delivery in deliveries:
        case, held = cases[delivery.rlts_traf_id], records[delivery.rlts_traf_id]
        sheets.append(_compared(case, delivery, await _open(delivery, office), held, office))
        # Hundreds of seals in a row must not hold up the API of the same process.
        await asyncio.sleep(0)
    return sheets


async def _open(delivery: Routed, office: Office) -> ArrivedSheet:
    event = delivery.event
    try:
        arrived = open_arrived_sheet(event.sealed_sheet, event.arrival, office.registry.current.keys)
    except KeyUnknown:
        if not await office.registry.refresh_for_unknown():
            raise
        arrived = open_arrived_sheet(event.sealed_sheet, event.arrival, office.registry.current.keys)
    stated = (arrived.arrival.rlts_traf_id, arrived.arrival.sheet_version)
    if stated != (delivery.rlts_traf_id, event.sheet_version):
        raise CannotApply("信息表的办件编号或版本与消息不一致", code="sheet-of-another-case")
    return arrived


async def _own_records(
    connection: AsyncConnection, cases: Mapping[str, InboundCase]
) -> Mapping[str, HeldRecord | None]:
    ids = list(cases)
    keys = [(cases[case].trafin_admdvs, cases[case].trafin_psn_no or "") for case in ids]
    return dict(zip(ids, await load_records(connection, keys), strict=True))


def _compared(
    case: InboundCase, delivery: Routed, arrived: ArrivedSheet, held: HeldRecord | None, office: Office
) -> ReceivedSheet:
    now, sheet, event = office.clock.now(), arrived.opened.sheet, delivery.event
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
    findings = check_sheet(sheet, context)
    return ReceivedSheet(
        rlts_traf_id=case.rlts_traf_id,
        sheet_version=event.sheet_version,
        sealed_sheet=event.sealed_sheet,
        arrival=event.arrival,
        sheet_digest=arrived.arrival.sheet_digest,
        sheet=sheet,
        findings=tuple(findings),
        differences=tuple(
            compare(sheet, findings, held, event.acct_disposition, paid_flags=office.settings.paid_clct_flags)
        ),
        received_at=now,
    )


def _is_automatic(case: InboundCase, office: Office) -> bool:
    is_asked = case.trafin_admdvs in office.settings.auto_accept_agencies
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
