"""The append-only history of the cases."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.history import HistoryEntry
from platform_gateway.repository import roll_up
from platform_gateway.tables import case_history
from shared.database.rowset import ROWS, insert_rows
from shared.messaging.feed import FEED_ROWS, FeedEntry, append_with, rows_of

_NAMES = ("rlts_traf_id", "at", "command", "from_state", "to_state", "is_allowed", "actor", "reason", "message_id")
_INSERT = insert_rows(case_history, _NAMES)
_INSERT_AND_TELL = append_with(told=_INSERT, marked=roll_up.MARK)


async def append(connection: AsyncConnection, entries: Sequence[HistoryEntry]) -> None:
    """Write ``entries`` in their order."""
    if entries:
        await connection.execute(_INSERT, {ROWS: [_row(entry) for entry in entries]})


async def append_and_tell(
    connection: AsyncConnection,
    entries: Sequence[HistoryEntry],
    told: Sequence[FeedEntry],
    marked: Collection[str],
    now: datetime,
) -> None:
    """Write ``entries``, what the feed says of them, and a mark on each changed case, all in one statement."""
    if not entries and not marked:
        return
    rows = {ROWS: [_row(entry) for entry in entries], FEED_ROWS: rows_of(told, now)}
    await connection.execute(_INSERT_AND_TELL, rows | {"ids": list(marked), "now": now})


async def page(connection: AsyncConnection, rlts_traf_id: str, after: int, limit: int) -> Sequence[Row[Any]]:
    """Up to ``limit`` lines of a case that follow line ``after`` (0 for the first), oldest first."""
    query = (
        select(case_history)
        .where(case_history.c.rlts_traf_id == rlts_traf_id, case_history.c.history_no > after)
        .order_by(case_history.c.history_no)
        .limit(limit)
    )
    return (await connection.execute(query)).all()


def _row(entry: HistoryEntry) -> dict[str, Any]:
    cause = entry.cause
    return {
        "rlts_traf_id": entry.rlts_traf_id,
        "at": cause.at,
        "command": entry.command,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "is_allowed": entry.is_allowed,
        "actor": cause.actor,
        "reason": cause.reason,
        "message_id": cause.message_id,
    }
