"""What happened to a case: appended, never changed; and what the agency's feed says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.domain.decisions import SYSTEM, Clerk
from inbound.tables import case_history
from shared.database.rowset import ROWS, insert_rows
from shared.messaging.feed import FEED_ROWS, FeedEntry, append_with, rows_of

SYSTEM_CLERK = Clerk(SYSTEM, "系统")


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of a case: ``what`` in snake_case, the state before and after, who, why, and by which message.

    ``told`` is what the feed says of it besides the case (no personal data).
    """

    case: InboundCase
    what: str
    from_state: str | None
    by: Clerk = SYSTEM_CLERK
    reason: str | None = None
    message_id: UUID | None = None
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One step as it is kept."""

    what: str
    from_state: str | None
    to_state: str
    sheet_version: int
    opter_id: str
    opter_name: str
    reason: str | None
    message_id: UUID | None
    occurred_at: datetime


_APPEND = append_with(told=insert_rows(case_history, ("rlts_traf_id", *HistoryRow.__dataclass_fields__)))


async def add_history(connection: AsyncConnection, steps: Sequence[Happened], *, now: datetime) -> None:
    """Append steps to the history, and to the agency's own feed (without personal data)."""
    if steps:
        rows = [_to_row(step, now) for step in steps]
        await connection.execute(_APPEND, {ROWS: rows, FEED_ROWS: rows_of([_to_entry(step) for step in steps], now)})


async def history_of(connection: AsyncConnection, rlts_traf_id: str) -> list[HistoryRow]:
    """All steps of a case in order."""
    table = case_history.c
    columns = [table[name] for name in HistoryRow.__dataclass_fields__]
    query = select(*columns).where(table.rlts_traf_id == rlts_traf_id).order_by(table.position)
    return [HistoryRow(**row) for row in (await connection.execute(query)).mappings()]


def _to_row(step: Happened, now: datetime) -> dict[str, object]:
    return {
        "rlts_traf_id": step.case.rlts_traf_id,
        "what": step.what,
        "from_state": step.from_state,
        "to_state": step.case.state.value,
        "sheet_version": step.case.sheet_version,
        "opter_id": step.by.opter_id,
        "opter_name": step.by.opter_name,
        "reason": step.reason,
        "message_id": step.message_id,
        "occurred_at": now,
    }


def _to_entry(step: Happened) -> FeedEntry:
    case = step.case
    data = {"state": case.state.value, "sheet_version": case.sheet_version, "difference_count": case.difference_count}
    return FeedEntry(case.trafin_admdvs, case.rlts_traf_id, f"inbound.{step.what}", data | dict(step.told))
