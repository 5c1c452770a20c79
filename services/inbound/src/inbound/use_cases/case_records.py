"""What is known of cases when their benefits and years are decided."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.benefits.from_records import CaseRecords
from inbound.domain.case import InboundCase
from inbound.office import Office
from inbound.repository.accepted import outbound_facts
from inbound.repository.sheets import present_sheets
from shared.agency.known_person import HeldRecord
from shared.agency.repository.records import load_records
from shared.contracts.facts import SideFacts
from shared.contracts.info_sheet import SheetRow

_NOTHING = SideFacts(facts_as_of=None)


async def records_of(
    connection: AsyncConnection, cases: Sequence[InboundCase], office: Office
) -> dict[str, CaseRecords]:
    """By case: the outbound's facts at acceptance, the present sheet if one has come, and our own record."""
    told = await outbound_facts(connection, [case.rlts_traf_id for case in cases])
    with_sheet = [(case.rlts_traf_id, case.sheet_version) for case in cases if case.sheet_version]
    sheets = await present_sheets(connection, with_sheet) if with_sheet else {}
    rows = {number: sheet.sheet.rows for number, sheet in sheets.items()}
    held = await own_records(connection, cases)
    return {
        case.rlts_traf_id: read_case(
            case,
            told.get(case.rlts_traf_id, _NOTHING),
            rows.get(case.rlts_traf_id, ()),
            held[case.rlts_traf_id],
            office,
        )
        for case in cases
    }


async def own_records(connection: AsyncConnection, cases: Sequence[InboundCase]) -> Mapping[str, HeldRecord | None]:
    """Our own record of each case's person."""
    keys = [(case.trafin_admdvs, case.trafin_psn_no or "") for case in cases]
    return dict(zip([case.rlts_traf_id for case in cases], await load_records(connection, keys), strict=True))


def read_case(
    case: InboundCase, outbound: SideFacts, rows: tuple[SheetRow, ...], held: HeldRecord | None, office: Office
) -> CaseRecords:
    """The records of a case, as this agency's settings read them."""
    registry = office.registry.current
    province_out, province_in = (registry.province_of(code) for code in (case.trafout_admdvs, case.trafin_admdvs))
    return CaseRecords(
        trafout_insutype=case.trafout_insutype,
        trafin_insutype=case.trafin_insutype,
        trafin_rlts_id=case.trafin_rlts_id,
        is_within_province=province_in is not None and province_in == province_out,
        outbound=outbound,
        rows=rows,
        held=held,
        paid_clct_flags=office.settings.paid_clct_flags,
        real_emp_mgt_types=office.settings.real_emp_mgt_types,
    )
