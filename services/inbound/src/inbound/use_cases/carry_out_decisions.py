"""What follows an approved decision: the core takes the periods over, or the sheet goes back."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_platform
from inbound.domain.case import CaseState, InboundCase
from inbound.domain.received_sheet import ReceivedSheet
from inbound.office import Office
from shared.agency.core import NewTask, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.clock import local_date
from shared.contracts.events import SheetReturned
from shared.messaging import enqueue


async def carry_out_decisions(
    connection: AsyncConnection, cases: Sequence[InboundCase], sheets: Mapping[str, ReceivedSheet], office: Office
) -> None:
    """For cases just approved: open ``import_periods``; for those just returned: tell the platform."""
    now = office.clock.now()
    taken = [
        _import_task(case, sheets[case.rlts_traf_id], office) for case in cases if case.state is CaseState.APPROVED
    ]
    await open_tasks(connection, taken, now=now)
    returned = [
        to_platform(case, SheetReturned(sheet_version=case.sheet_version, returned_at=now, reasons=case.reasons))
        for case in cases
        if case.state is CaseState.RETURNED
    ]
    await enqueue(connection, returned, signers=office.signers, now=now)


def _import_task(case: InboundCase, received: ReceivedSheet, office: Office) -> NewTask:
    return NewTask(
        kind=TaskKind.IMPORT_PERIODS,
        admdvs=case.trafin_admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=str(case.sheet_version),
        psn_no=case.trafin_psn_no or "",
        psn_insu_rlts_id=case.trafin_rlts_id,
        effective_date=local_date(office.clock.now()),
        periods=received.sheet.rows,
    )
