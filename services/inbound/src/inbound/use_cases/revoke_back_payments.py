"""What the core was asked to allow is taken back where the ground for it has gone."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.office import Office
from inbound.repository import benefits
from inbound.repository.history import Happened, add_history
from shared.agency.core import CoreResult, NewTask, Outcome, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.clock import local_date
from shared.law import design


@design("back-payment that was allowed for a sheet that does not count after all is revoked")
async def revoke_back_payments(connection: AsyncConnection, cases: Sequence[InboundCase], office: Office) -> None:
    """Close the open decisions of these locked cases, and have the core revoke what they allowed.

    It comes after the permission in the core's order, whether or not that was carried out.
    """
    numbers = [case.rlts_traf_id for case in cases]
    allowed = await benefits.still_open(connection, numbers)
    await benefits.close(connection, numbers)
    tasks = [_task(case, office) for case in cases if allowed.get(case.rlts_traf_id)]
    await open_tasks(connection, tasks, now=office.clock.now())


async def confirm_revocations(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], results: Sequence[CoreResult], office: Office
) -> None:
    """What the core says of ``revoke_back_payment``."""
    steps = [
        Happened(case, _what(result), case.state, reason=result.answer.reason)
        for result in results
        for case in [cases[result.task.rlts_traf_id]]
    ]
    await add_history(connection, steps, now=office.clock.now())


def _what(result: CoreResult) -> str:
    is_done = result.answer.outcome is Outcome.DONE
    return "back_payment_revoked" if is_done else "back_payment_not_revoked"


def _task(case: InboundCase, office: Office) -> NewTask:
    return NewTask(
        kind=TaskKind.REVOKE_BACK_PAYMENT,
        admdvs=case.trafin_admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=str(case.sheet_version),
        psn_no=case.trafin_psn_no or "",
        psn_insu_rlts_id=case.trafin_rlts_id,
        effective_date=local_date(office.clock.now()),
    )
