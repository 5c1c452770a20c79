"""Keep what the core has answered, what follows for our own records, and tell the service."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.core import CoreAnswer, CoreResult, CoreTask, OnCoreResults, Outcome
from shared.agency.repository.core_tasks import record_answers
from shared.agency.repository.effects import apply_effects


async def record_core_answers(
    connection: AsyncConnection,
    tasks: Sequence[CoreTask],
    answers: Sequence[CoreAnswer],
    *,
    on_results: OnCoreResults,
    now: datetime,
) -> None:
    """Record one new answer for each locked task, in order, in the caller's transaction."""
    results = [CoreResult(task, answer) for task, answer in zip(tasks, answers, strict=True)]
    await record_answers(connection, answers, now=now)
    await apply_effects(connection, [each for each in results if each.answer.outcome is Outcome.DONE])
    await on_results(connection, results)
