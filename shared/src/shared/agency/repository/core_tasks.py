"""Core tasks and their answers."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.core import BackPaymentReport, CoreAnswer, CoreTask, NewTask, Outcome, TaskKind, TaskState
from shared.contracts.info_sheet import SheetRow

_PERIODS = TypeAdapter(tuple[SheetRow, ...])
_COLUMNS = """task_id, position, admdvs, rlts_traf_id, kind, step, psn_no, psn_insu_rlts_id, effective_date,
    amount, trafin_admdvs, CAST(periods AS text) AS periods, state"""

_OPEN = text("""
INSERT INTO core_task (task_id, admdvs, rlts_traf_id, kind, step, psn_no, psn_insu_rlts_id, effective_date,
                       amount, trafin_admdvs, periods, opened_at)
SELECT t.task_id, t.admdvs, t.rlts_traf_id, t.kind, t.step, t.psn_no, t.psn_insu_rlts_id, t.effective_date,
       t.amount, t.trafin_admdvs, t.periods, :now
FROM jsonb_to_recordset(CAST(:tasks AS jsonb)) AS t(
    task_id uuid, admdvs text, rlts_traf_id text, kind text, step text, psn_no text, psn_insu_rlts_id text,
    effective_date date, amount bigint, trafin_admdvs text, periods jsonb, ord bigint)
ORDER BY t.ord
ON CONFLICT (admdvs, rlts_traf_id, kind, step) DO NOTHING
""")

_PENDING = text(f"""
SELECT {_COLUMNS} FROM core_task
WHERE admdvs = :admdvs AND state IN ('open', 'unknown') AND position > :after
ORDER BY position LIMIT :limit
""")  # noqa: S608  # only our own column names are put in

_FAILED = text(f"""
SELECT {_COLUMNS} FROM core_task
WHERE admdvs = :admdvs AND state = 'failed' AND position > :after
ORDER BY position LIMIT :limit
""")  # noqa: S608  # only our own column names are put in

_HAS_OPEN = text("SELECT EXISTS (SELECT FROM core_task WHERE admdvs = ANY(:agencies) AND state = 'open')")

_LOCK_NEXT = text(f"""
SELECT {_COLUMNS} FROM core_task t
WHERE t.admdvs = ANY(:agencies) AND t.state = 'open'
  AND NOT EXISTS (SELECT FROM core_task e WHERE e.admdvs = t.admdvs AND e.rlts_traf_id = t.rlts_traf_id
                    AND e.position < t.position AND e.state IN ('open', 'unknown'))
ORDER BY t.position LIMIT :limit
FOR UPDATE SKIP LOCKED
""")  # noqa: S608  # only our own column names are put in

_LOCK = text(f"""
SELECT {_COLUMNS} FROM core_task WHERE task_id = ANY(:task_ids) AND admdvs = ANY(:agencies)
ORDER BY position FOR UPDATE
""")  # noqa: S608  # only our own column names are put in

_ANSWER = text("""
WITH answer AS (
    SELECT * FROM jsonb_to_recordset(CAST(:answers AS jsonb)) AS a(
        task_id uuid, outcome text, core_ref text, balc bigint, reason text, at timestamptz, back_paid_on date,
        is_back_paid_in_full boolean)
), changed AS (
    UPDATE core_task t SET state = a.outcome, attempts = t.attempts + 1, answered_at = a.at
    FROM answer a WHERE t.task_id = a.task_id
    RETURNING t.task_id, t.attempts
)
INSERT INTO core_task_answer (task_id, attempt, outcome, core_ref, balc, reason, back_paid_on, is_back_paid_in_full,
                              answered_at, recorded_at)
SELECT a.task_id, c.attempts, a.outcome, a.core_ref, a.balc, a.reason, a.back_paid_on, a.is_back_paid_in_full, a.at,
       :now
FROM answer a JOIN changed c USING (task_id)
""")

_LAST_ANSWERS = text("""
SELECT DISTINCT ON (task_id) task_id, outcome, core_ref, balc, reason, back_paid_on, is_back_paid_in_full, answered_at
FROM core_task_answer WHERE task_id = ANY(:task_ids) ORDER BY task_id, attempt DESC
""")

_REOPEN = text("""
UPDATE core_task SET state = 'open', answered_at = NULL
WHERE task_id = :task_id AND admdvs = :admdvs AND state = 'failed' RETURNING task_id
""")


_GIVE_UP = text("""
WITH given_up AS (
    UPDATE core_task t SET state = 'failed', attempts = t.attempts + 1, answered_at = :now
    FROM unnest(CAST(:areas AS text[]), CAST(:cases AS text[])) AS k(admdvs, rlts_traf_id)
    WHERE t.admdvs = k.admdvs AND t.rlts_traf_id = k.rlts_traf_id AND t.state IN ('open', 'unknown')
    RETURNING t.task_id, t.attempts
)
INSERT INTO core_task_answer (task_id, attempt, outcome, reason, answered_at, recorded_at)
SELECT task_id, attempts, 'failed', :reason, :now, :now FROM given_up
""")


async def open_tasks(connection: AsyncConnection, tasks: Sequence[NewTask], *, now: datetime) -> None:
    """Open tasks in the order given; one that its (agency, case, kind, step) already has stays as it is."""
    if tasks:
        rows = json.dumps([_to_row(task, order) for order, task in enumerate(tasks)])
        await connection.execute(_OPEN, {"tasks": rows, "now": now})


async def pending_tasks(connection: AsyncConnection, admdvs: str, *, after: int, limit: int) -> list[CoreTask]:
    """Tasks without a final answer, in order, with a position over ``after``."""
    rows = await connection.execute(_PENDING, {"admdvs": admdvs, "after": after, "limit": limit})
    return [_to_task(row) for row in rows.mappings()]


async def failed_tasks(connection: AsyncConnection, admdvs: str, *, after: int, limit: int) -> list[CoreTask]:
    """Tasks that the core could not carry out and nobody has given out again, with a position over ``after``."""
    rows = await connection.execute(_FAILED, {"admdvs": admdvs, "after": after, "limit": limit})
    return [_to_task(row) for row in rows.mappings()]


async def has_open_tasks(connection: AsyncConnection, agencies: Collection[str]) -> bool:
    """Whether anything is open, at the price of one small statement."""
    return bool(await connection.scalar(_HAS_OPEN, {"agencies": list(agencies)}))


async def lock_next(connection: AsyncConnection, agencies: Collection[str], *, limit: int) -> list[CoreTask]:
    """Lock the earliest open task of each case, so that one case's steps are carried out in their order."""
    rows = await connection.execute(_LOCK_NEXT, {"agencies": list(agencies), "limit": limit})
    return [_to_task(row) for row in rows.mappings()]


async def lock_tasks(
    connection: AsyncConnection, task_ids: Collection[UUID], agencies: Collection[str]
) -> list[CoreTask]:
    """Lock the named tasks of these agencies in order; those that do not exist there are left out."""
    rows = await connection.execute(_LOCK, {"task_ids": list(task_ids), "agencies": list(agencies)})
    return [_to_task(row) for row in rows.mappings()]


async def record_answers(connection: AsyncConnection, answers: Sequence[CoreAnswer], *, now: datetime) -> None:
    """Store answers beside earlier ones and set the tasks' states."""
    if not answers:
        return
    rows = [
        {
            "task_id": str(each.task_id),
            "outcome": each.outcome,
            "core_ref": each.core_ref,
            "balc": each.balc,
            "reason": each.reason,
            "at": each.at.isoformat(),
            **_reported(each.back_payment),
        }
        for each in answers
    ]
    await connection.execute(_ANSWER, {"answers": json.dumps(rows), "now": now})


async def last_answers(connection: AsyncConnection, task_ids: Collection[UUID]) -> Mapping[UUID, CoreAnswer]:
    """The latest answer of each task that has one."""
    rows = await connection.execute(_LAST_ANSWERS, {"task_ids": list(task_ids)})
    return {
        row["task_id"]: CoreAnswer(
            task_id=row["task_id"],
            outcome=Outcome(row["outcome"]),
            at=row["answered_at"],
            core_ref=row["core_ref"],
            balc=row["balc"],
            reason=row["reason"],
            back_payment=_back_payment(row),
        )
        for row in rows.mappings()
    }


async def give_up_tasks(
    connection: AsyncConnection, cases: Sequence[tuple[str, str]], *, reason: str, now: datetime
) -> None:
    """Fail what the core has not finished for these (``admdvs``, ``rlts_traf_id``): it is not wanted any more."""
    arrays = {"areas": [admdvs for admdvs, _ in cases], "cases": [number for _, number in cases]}
    await connection.execute(_GIVE_UP, {**arrays, "reason": reason, "now": now})


async def reopen_task(connection: AsyncConnection, task_id: UUID, admdvs: str) -> bool:
    """Put a failed task back to open; ``False`` when there is no such failed task."""
    found = await connection.execute(_REOPEN, {"task_id": task_id, "admdvs": admdvs})
    return found.first() is not None


def _reported(back_payment: BackPaymentReport | None) -> dict[str, Any]:
    if back_payment is None:
        return {}
    return {"back_paid_on": back_payment.paid_on.isoformat(), "is_back_paid_in_full": back_payment.is_in_full}


def _back_payment(row: RowMapping) -> BackPaymentReport | None:
    if row["back_paid_on"] is None:
        return None
    return BackPaymentReport(row["back_paid_on"], is_in_full=row["is_back_paid_in_full"])


def _to_row(task: NewTask, order: int) -> dict[str, Any]:
    return {
        "ord": order,
        "task_id": str(uuid4()),
        "admdvs": task.admdvs,
        "rlts_traf_id": task.rlts_traf_id,
        "kind": task.kind,
        "step": task.step,
        "psn_no": task.psn_no,
        "psn_insu_rlts_id": task.psn_insu_rlts_id,
        "effective_date": task.effective_date.isoformat(),
        "amount": task.amount,
        "trafin_admdvs": task.trafin_admdvs,
        "periods": _PERIODS.dump_python(task.periods, mode="json") if task.periods else None,
    }


def _to_task(row: RowMapping) -> CoreTask:
    return CoreTask(
        kind=TaskKind(row["kind"]),
        admdvs=row["admdvs"],
        rlts_traf_id=row["rlts_traf_id"],
        step=row["step"],
        psn_no=row["psn_no"],
        psn_insu_rlts_id=row["psn_insu_rlts_id"],
        effective_date=row["effective_date"],
        amount=row["amount"],
        trafin_admdvs=row["trafin_admdvs"],
        periods=_PERIODS.validate_json(row["periods"]) if row["periods"] else (),
        task_id=row["task_id"],
        position=row["position"],
        state=TaskState(row["state"]),
    )
