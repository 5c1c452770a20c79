"""The event feed: what systems that pull read, in order of a position that is given after commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.rowset import insert_rows
from shared.messaging.tables import feed

FEED_ROWS = "feed_rows"
"""The parameter of ``append_with``'s statement that holds ``rows_of`` the entries."""

_APPEND = insert_rows(feed, ("admdvs", "rlts_traf_id", "type", "data", "occurred_at"), parameter=FEED_ROWS)
_NUMBER = text(
    """
    UPDATE feed SET position = (SELECT coalesce(max(position), 0) FROM feed) + fresh.nth
    FROM (
        SELECT feed_id, row_number() OVER (ORDER BY feed_id) AS nth
        FROM (SELECT feed_id FROM feed WHERE position IS NULL ORDER BY feed_id LIMIT :limit) AS oldest
    ) AS fresh
    WHERE feed.feed_id = fresh.feed_id
    """
)
# The newest stays however old it is: the next position counts on from it.
_PURGE = text(
    """
    DELETE FROM feed WHERE feed_id IN (
        SELECT feed_id FROM (
            SELECT feed_id, position, occurred_at FROM feed WHERE position IS NOT NULL ORDER BY position LIMIT :limit
        ) AS oldest
        WHERE occurred_at < :before AND position < (SELECT max(position) FROM feed)
    )
    """
)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Something that happened; ``admdvs`` is the agency that may read it, ``None`` for the platform's own readers.

    ``data`` is JSON without personal data beyond what that agency may see.
    """

    admdvs: str | None
    rlts_traf_id: str | None
    type: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FeedRow:
    """An entry with its position; positions grow without a gap over the service, an agency sees its own."""

    position: int
    rlts_traf_id: str | None
    type: str
    data: dict[str, Any]
    occurred_at: datetime


async def append(connection: AsyncConnection, entries: Sequence[FeedEntry], *, now: datetime) -> None:
    """Write entries in the caller's transaction; readers see them once the relay has numbered them."""
    if entries:
        await connection.execute(_APPEND, {FEED_ROWS: rows_of(entries, now)})


def append_with(**others: Insert) -> Insert:
    """A statement that appends to the feed and carries out ``others``, each under its name: one way to the database.

    What happens to a case stands in its history as in the feed, and both are written at every step.
    """
    return _APPEND.add_cte(*(other.cte(name) for name, other in others.items()))


def rows_of(entries: Sequence[FeedEntry], now: datetime) -> list[dict[str, Any]]:
    """The entries as rows."""
    return [
        {
            "admdvs": entry.admdvs,
            "rlts_traf_id": entry.rlts_traf_id,
            "type": entry.type,
            "data": entry.data,
            "occurred_at": now,
        }
        for entry in entries
    ]


async def number(connection: AsyncConnection, *, limit: int = 1000) -> int:
    """Give the next positions to committed entries; only the one relay calls it. Returns how many."""
    return (await connection.execute(_NUMBER, {"limit": limit})).rowcount


async def read(connection: AsyncConnection, *, admdvs: str | None, after: int, limit: int) -> list[FeedRow]:
    """Up to ``limit`` entries after position ``after``: those of an agency, or all where ``admdvs`` is ``None``."""
    query = select(feed.c.position, feed.c.rlts_traf_id, feed.c.type, feed.c.data, feed.c.occurred_at)
    query = query.where(feed.c.position > after).order_by(feed.c.position).limit(limit)
    if admdvs is not None:
        query = query.where(feed.c.admdvs == admdvs)
    return [FeedRow(**row._mapping) for row in await connection.execute(query)]


async def purge(connection: AsyncConnection, *, before: datetime, limit: int) -> int:
    """Forget numbered entries from before an instant (UTC), the oldest ``limit`` at most; returns how many."""
    return (await connection.execute(_PURGE, {"before": before, "limit": limit})).rowcount
