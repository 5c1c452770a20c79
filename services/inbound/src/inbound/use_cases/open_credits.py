"""Ask the core to credit what the ledger has matched, once the relation is synced (N9)."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.domain.credit import Match, creditable
from inbound.office import Office
from inbound.repository import money
from inbound.repository.history import Happened, add_history
from inbound.repository.releases import releases_of
from shared.agency.core import NewTask, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.clock import local_date


async def open_credits(connection: AsyncConnection, cases: Sequence[InboundCase], office: Office) -> None:
    """Open ``credit_account`` for every match of these locked cases that may be credited now."""
    now = office.clock.now()
    synced = {case.rlts_traf_id: case for case in cases if case.is_synced}
    if not synced:
        return
    matches = await money.matches_of(connection, synced)
    released = await releases_of(connection, synced)
    due = [
        (case, match, amount)
        for number, case in synced.items()
        for match, amount in creditable(matches[number], case.owed_amount, released[number], is_synced=case.is_synced)
    ]
    if not due:
        return
    # First the row that the database ties to its match, then the core's task.
    await money.open_credits(connection, [(match, amount) for _, match, amount in due], now=now)
    await open_tasks(connection, [_credit_task(*each, office) for each in due], now=now)
    await add_history(connection, [Happened(case, "credit_opened", case.state) for case, _, _ in due], now=now)


def _credit_task(case: InboundCase, match: Match, amount: int, office: Office) -> NewTask:
    return NewTask(
        kind=TaskKind.CREDIT_ACCOUNT,
        admdvs=case.trafin_admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=match.obligation_no,
        psn_no=case.trafin_psn_no or "",
        psn_insu_rlts_id=case.trafin_rlts_id,
        effective_date=local_date(office.clock.now()),
        amount=amount,
    )
