"""Ask the core to credit what the ledger has matched, once the relation is synced (N9)."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.domain.credit import Match, creditable
from inbound.office import Office
from inbound.repository import money
from inbound.repository.history import Happened, add_history
from shared.agency.core import NewTask, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.clock import local_date


async def open_credits(connection: AsyncConnection, cases: Sequence[InboundCase], office: Office) -> None:
    """Open ``credit_account`` for every match of these locked cases that may be credited now."""
    now = office.clock.now()
    synced = {case.rlts_traf_id: case for case in cases if case.is_synced}
    if not synced:
        return
    matches = await money.matches_of(connection, list(synced))
    due = [
        (case, match)
        for case in synced.values()
        for match in creditable(matches[case.rlts_traf_id], case.sheet_amount, is_synced=case.is_synced)
    ]
    if not due:
        return
    # First the row that the database ties to its match, then the core's task.
    await money.open_credits(connection, [match for _, match in due], now=now)
    await open_tasks(connection, [_credit_task(case, match, office) for case, match in due], now=now)
    await add_history(connection, [Happened(case, "credit_opened", case.state) for case, _ in due], now=now)


def _credit_task(case: InboundCase, match: Match, office: Office) -> NewTask:
    return NewTask(
        kind=TaskKind.CREDIT_ACCOUNT,
        admdvs=case.trafin_admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=match.obligation_no,
        psn_no=case.trafin_psn_no or "",
        psn_insu_rlts_id=case.trafin_rlts_id,
        effective_date=local_date(office.clock.now()),
        amount=match.amount,
    )
