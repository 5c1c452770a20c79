"""What cannot be processed keeps its bytes and its reason."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.party import Party
from shared.errors import DomainError
from shared.messaging import inbox, tables
from shared.messaging.delivery import NotAParty
from shared.messaging.ids import new_ids
from shared.messaging.inbox import Waiting
from shared.messaging.record import Record
from shared.messaging.verification import Rejected

_RESOLVE = text(
    """
    UPDATE quarantine SET state = 'resolved', resolved_at = :now, resolved_by = :by
    WHERE digest = ANY(CAST(:digests AS bytea[])) AND state = 'open'
    """
)
_PURGE = text(
    """
    DELETE FROM quarantine WHERE quarantine_id IN (
        SELECT quarantine_id FROM quarantine WHERE state = 'resolved' AND resolved_at < :before LIMIT :limit
    )
    """
)
_NOT_SHOWN = {"digest", "value", "signature", "traceparent", "resolution_reason"}
_SHOWN = tuple(column.name for column in tables.quarantine.columns if column.name not in _NOT_SHOWN)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An entry without its bytes. ``message_id`` is ``None`` where we could not take it into custody."""

    quarantine_id: UUID
    reason: str
    detail: str
    state: str
    topic: str
    sender: str | None
    recipient: str | None
    rlts_traf_id: str | None
    sequence: int | None
    message_id: UUID | None
    type: str | None
    seen: int
    first_seen_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


async def put_rejected(connection: AsyncConnection, rejected: Sequence[Rejected], now: datetime) -> None:
    """Keep records that are not taken into custody; the same one again only counts."""
    by_digest = {entry.record.digest: entry for entry in rejected}
    rows: list[dict[str, object]] = [
        {
            "digest": digest,
            "reason": entry.error.code,
            "detail": entry.error.message,
            "topic": entry.record.topic,
            "value": entry.record.value,
            "signature": entry.record.signature,
            "traceparent": entry.record.traceparent,
        }
        for digest, entry in sorted(by_digest.items())
    ]
    await _put(connection, rows, now)


async def put_failed(connection: AsyncConnection, message: Waiting, error: Exception, now: datetime) -> str:
    """Keep a message in custody that its handler could not apply; returns the reason.

    Its case waits behind it, unless the sender has no say in the case.
    """
    reason, detail = _reason(error)
    state = "aside" if isinstance(error, NotAParty) else "quarantined"
    await inbox.set_state(connection, message.sender, message.message_id, state)
    row: dict[str, object] = {
        # The sender and id belong to it: another sender may have sent the same bytes, and been rejected.
        "digest": hashlib.sha256(f"{message.sender} {message.message_id}".encode()).digest(),
        "reason": reason,
        "detail": detail,
        "topic": Party.parse(message.recipient).topic,
        "sender": message.sender,
        "recipient": message.recipient,
        "rlts_traf_id": message.rlts_traf_id,
        "sequence": message.sequence,
        "message_id": message.message_id,
        "type": message.type,
        "value": message.value,
        "signature": message.signature,
        "traceparent": message.traceparent,
    }
    await _put(connection, [row], now)
    return reason


async def resolve(connection: AsyncConnection, records: Collection[Record], *, by: str, now: datetime) -> None:
    """Close entries of records that were taken into custody after all (a key that arrived late, for example)."""
    if records:
        await connection.execute(_RESOLVE, {"digests": [record.digest for record in records], "now": now, "by": by})


async def resolve_entry(connection: AsyncConnection, quarantine_id: UUID, *, by: str, now: datetime) -> None:
    """Close one entry."""
    table = tables.quarantine
    await connection.execute(
        update(table)
        .where(table.c.quarantine_id == quarantine_id)
        .values(state="resolved", resolved_at=now, resolved_by=by)
    )


async def dismiss_entry(
    connection: AsyncConnection, quarantine_id: UUID, *, by: str, reason: str, now: datetime
) -> None:
    """Set one entry aside for good; the same record again is only counted."""
    table = tables.quarantine
    await connection.execute(
        update(table)
        .where(table.c.quarantine_id == quarantine_id)
        .values(state="dismissed", resolved_at=now, resolved_by=by, resolution_reason=reason)
    )


async def list_open(
    connection: AsyncConnection, *, topics: Collection[str], after: UUID | None, limit: int
) -> list[Quarantined]:
    """Up to ``limit`` open entries of records on ``topics``, oldest first, after the entry ``after``."""
    table = tables.quarantine
    query = select(*(table.c[name] for name in _SHOWN)).where(table.c.state == "open", table.c.topic.in_(topics))
    if after is not None:
        query = query.where(table.c.quarantine_id > after)
    rows = await connection.execute(query.order_by(table.c.quarantine_id).limit(limit))
    return [Quarantined(**row._mapping) for row in rows]


async def lock_open(
    connection: AsyncConnection, quarantine_id: UUID, *, topics: Collection[str]
) -> tuple[Quarantined, Record] | None:
    """One open entry of a record on ``topics`` with its bytes, locked until the transaction ends."""
    table = tables.quarantine
    query = select(table).where(table.c.quarantine_id == quarantine_id, table.c.state == "open")
    query = query.where(table.c.topic.in_(topics))
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        return None
    record = Record(row.topic, row.rlts_traf_id, row.value, row.signature or "", row.traceparent)
    return Quarantined(**{name: row._mapping[name] for name in _SHOWN}), record


async def _put(connection: AsyncConnection, rows: list[dict[str, object]], now: datetime) -> None:
    if not rows:
        return
    fixed = {"state": "open", "seen": 1, "first_seen_at": now, "last_seen_at": now}
    ids = new_ids(now, len(rows))
    entries = [row | fixed | {"quarantine_id": key} for key, row in zip(ids, rows, strict=True)]
    table = tables.quarantine
    statement = insert(table)
    # What somebody dismissed stays so, however often its sender repeats it.
    is_dismissed = table.c.state == "dismissed"
    again = {
        "seen": table.c.seen + 1,
        "last_seen_at": statement.excluded.last_seen_at,
        "reason": statement.excluded.reason,
        "detail": statement.excluded.detail,
        "state": case((is_dismissed, "dismissed"), else_="open"),
        "resolved_at": case((is_dismissed, table.c.resolved_at)),
        "resolved_by": case((is_dismissed, table.c.resolved_by)),
    }
    await connection.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=again), entries)


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, DomainError):
        return error.code, error.message
    # The text of an unexpected error may quote data of a person; its kind does not.
    return "handler-failed", f"处理程序出错：{type(error).__name__}"


async def size(connection: AsyncConnection) -> int:
    """How many entries are open."""
    table = tables.quarantine
    query = select(func.count()).select_from(table).where(table.c.state == "open")
    return int(await connection.scalar(query) or 0)


async def purge(connection: AsyncConnection, *, before: datetime, limit: int) -> int:
    """Forget what was resolved before an instant (UTC), ``limit`` entries at most; returns how many.

    What is open waits for somebody, and what somebody dismissed must be known again when it comes again: both stay.
    """
    return (await connection.execute(_PURGE, {"before": before, "limit": limit})).rowcount
