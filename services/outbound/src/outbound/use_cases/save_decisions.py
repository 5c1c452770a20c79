"""Save what was decided: cases, history, core tasks, letters and feed, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound import metrics
from outbound.domain.decision import Decision, Step
from outbound.repository.cases import update_cases
from outbound.repository.history import append_steps
from shared.agency.repository.core_tasks import open_tasks
from shared.contracts.party import Party, Role
from shared.messaging import feed
from shared.messaging.outbox import enqueue
from shared.messaging.outgoing import Outgoing
from shared.signing.signers import Signers


async def save_decisions(
    connection: AsyncConnection, decisions: Sequence[Decision], *, signers: Signers, now: datetime
) -> None:
    """One statement per kind of thing; the caller holds the locks of all cases, each case stands once."""
    if not decisions:
        return
    await update_cases(connection, [decision.case for decision in decisions])
    await save_consequences(connection, decisions, signers=signers, now=now)


async def save_consequences(
    connection: AsyncConnection, decisions: Sequence[Decision], *, signers: Signers, now: datetime
) -> None:
    """Everything but the cases themselves."""
    steps = [(decision.case.rlts_traf_id, step) for decision in decisions for step in decision.steps]
    entries = [_entry(decision, step) for decision in decisions for step in decision.steps]
    await append_steps(connection, steps, entries, now=now)
    await open_tasks(connection, [task for decision in decisions for task in decision.tasks], now=now)
    await enqueue(connection, _outgoing(decisions), signers=signers, now=now)
    metrics.count_steps(step.name for _, step in steps)


def _outgoing(decisions: Sequence[Decision]) -> list[Outgoing]:
    return [
        Outgoing(
            sender=Party(Role.OUTBOUND, decision.case.admdvs),
            recipient=letter.recipient,
            rlts_traf_id=decision.case.rlts_traf_id,
            event=letter.event,
        )
        for decision in decisions
        for letter in decision.letters
    ]


def _entry(decision: Decision, step: Step) -> feed.FeedEntry:
    data = {
        "psn_no": decision.case.psn_no,
        "state": step.to_state.value,
        "sheet_version": step.sheet_version,
        "row_version": decision.case.row_version,
        "reason": step.reason,
    }
    return feed.FeedEntry(decision.case.admdvs, decision.case.rlts_traf_id, f"case.{step.name}", data)
