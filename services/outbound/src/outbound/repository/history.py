"""The history of cases, append-only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor, ActorKind, CaseState
from outbound.domain.decision import Step
from outbound.tables import case_history
from shared.database.rowset import ROWS, insert_rows
from shared.messaging.feed import FEED_ROWS, FeedEntry, append_with, rows_of

_HISTORY = insert_rows(
    case_history,
    (
        "rlts_traf_id",
        "name",
        "from_state",
        "to_state",
        "at",
        "actor",
        "opter_id",
        "opter_name",
        "message_id",
        "sheet_version",
        "reason",
    ),
)
_APPEND = append_with(told=_HISTORY)


async def append_steps(
    connection: AsyncConnection, steps: Sequence[tuple[str, Step]], entries: Sequence[FeedEntry], *, now: datetime
) -> None:
    """Write down steps of cases, in order, and what the feed says of them."""
    if steps:
        rows = [_to_row(number, step) for number, step in steps]
        await connection.execute(_APPEND, {ROWS: rows, FEED_ROWS: rows_of(entries, now)})


async def load_steps(
    connection: AsyncConnection, rlts_traf_id: str, *, after: int, limit: int
) -> list[tuple[int, Step]]:
    """Up to ``limit`` steps of a case with a number over ``after``, oldest first."""
    c = case_history.c
    query = select(case_history).where(c.rlts_traf_id == rlts_traf_id, c.step_id > after)
    rows = (await connection.execute(query.order_by(c.step_id).limit(limit))).mappings()
    return [(row["step_id"], _to_step(dict(row))) for row in rows]


def _to_row(rlts_traf_id: str, step: Step) -> dict[str, Any]:
    return {
        "rlts_traf_id": rlts_traf_id,
        "name": step.name,
        "from_state": step.from_state,
        "to_state": step.to_state,
        "at": step.at,
        "actor": step.actor.kind,
        "opter_id": step.actor.opter_id,
        "opter_name": step.actor.opter_name,
        "message_id": step.actor.message_id,
        "sheet_version": step.sheet_version,
        "reason": step.reason,
    }


def _to_step(row: dict[str, Any]) -> Step:
    at: datetime = row["at"]
    return Step(
        name=row["name"],
        from_state=None if row["from_state"] is None else CaseState(row["from_state"]),
        to_state=CaseState(row["to_state"]),
        at=at,
        actor=Actor(ActorKind(row["actor"]), row["opter_id"], row["opter_name"], row["message_id"]),
        sheet_version=row["sheet_version"],
        reason=row["reason"],
    )
