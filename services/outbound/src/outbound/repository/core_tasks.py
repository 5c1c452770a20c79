"""What the core still has to do for a case, as clerks see it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.core import TaskKind, TaskState

_NOT_DONE = text("""
SELECT t.task_id, t.kind, t.step, t.state, t.opened_at, t.answered_at,
       (SELECT a.reason FROM core_task_answer a WHERE a.task_id = t.task_id ORDER BY a.attempt DESC LIMIT 1) AS reason
FROM core_task t
WHERE t.admdvs = :admdvs AND t.rlts_traf_id = :rlts_traf_id AND t.state <> 'done'
ORDER BY t.position
""")


@dataclass(frozen=True, slots=True)
class TaskNotDone:
    """A task that is open, failed or of unknown outcome."""

    task_id: UUID
    kind: TaskKind
    step: str
    state: TaskState
    opened_at: datetime
    answered_at: datetime | None
    reason: str | None


async def tasks_not_done(connection: AsyncConnection, admdvs: str, rlts_traf_id: str) -> list[TaskNotDone]:
    """A case's tasks that the core has not done, in their order."""
    rows = await connection.execute(_NOT_DONE, {"admdvs": admdvs, "rlts_traf_id": rlts_traf_id})
    return [
        TaskNotDone(**{**row, "kind": TaskKind(row["kind"]), "state": TaskState(row["state"])})
        for row in rows.mappings()
    ]
