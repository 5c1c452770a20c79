"""The inbox: bytes in custody, and how far each lane has been applied."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.messaging.envelope import Envelope
from shared.messaging.outbox import Lane
from shared.messaging.verification import Verified

READY_LIMIT = 5000

_LANES = "unnest(CAST(:cases AS text[]), CAST(:senders AS text[]), CAST(:recipients AS text[]))"
_STORE = text(
    """
    INSERT INTO inbox (sender, message_id, recipient, rlts_traf_id, sequence, type, value, signature, traceparent,
                       receipt_id, state, received_at, applied_at)
    SELECT m.*, :now, CASE WHEN m.state = 'applied' THEN CAST(:now AS timestamptz) END
    FROM unnest(CAST(:senders AS text[]), CAST(:ids AS uuid[]), CAST(:recipients AS text[]), CAST(:cases AS text[]),
                CAST(:sequences AS bigint[]), CAST(:types AS text[]), CAST(:values AS bytea[]),
                CAST(:signatures AS text[]), CAST(:traceparents AS text[]), CAST(:receipts AS uuid[]),
                CAST(:states AS text[]))
        AS m (sender, message_id, recipient, rlts_traf_id, sequence, type, value, signature, traceparent, receipt_id,
              state)
    ON CONFLICT DO NOTHING
    RETURNING sender, message_id
    """
)
_FIND = text(
    """
    SELECT i.sender, i.message_id, i.receipt_id, i.value
    FROM inbox i JOIN unnest(CAST(:senders AS text[]), CAST(:ids AS uuid[])) AS k (sender, message_id)
        USING (sender, message_id)
    """
)
_ENSURE_CURSORS = text(
    f"""
    INSERT INTO inbox_cursor (rlts_traf_id, sender, recipient, applied_sequence)
    SELECT l.*, 0 FROM {_LANES} AS l
    ON CONFLICT DO NOTHING
    """  # noqa: S608
)
_LOCK_CURSORS = text(
    f"""
    SELECT c.rlts_traf_id, c.sender, c.recipient, c.applied_sequence
    FROM inbox_cursor c JOIN {_LANES} AS l (rlts_traf_id, sender, recipient)
        USING (rlts_traf_id, sender, recipient)
    ORDER BY rlts_traf_id, sender, recipient
    FOR UPDATE OF c
    """  # noqa: S608
)
_WAITING = text(
    f"""
    SELECT i.sender, i.message_id, i.recipient, i.rlts_traf_id, i.sequence, i.type, i.value, i.signature,
           i.traceparent
    FROM inbox i JOIN {_LANES} AS l (rlts_traf_id, sender, recipient)
        USING (rlts_traf_id, sender, recipient)
    WHERE i.state = 'waiting' AND NOT EXISTS (
        SELECT FROM inbox q
        WHERE q.rlts_traf_id = i.rlts_traf_id AND q.recipient = i.recipient AND q.state = 'quarantined')
    ORDER BY i.sequence, i.rlts_traf_id
    LIMIT :limit
    """  # noqa: S608
)
_HELD_UP = text(
    f"""
    SELECT l.* FROM {_LANES} AS l (rlts_traf_id, sender, recipient)
    WHERE EXISTS (
        SELECT FROM inbox i
        WHERE i.rlts_traf_id = l.rlts_traf_id AND i.recipient = l.recipient AND i.state <> 'applied'
            AND (i.state = 'quarantined' OR (i.state = 'waiting' AND i.sender = l.sender)))
    """  # noqa: S608
)
_NOTE_APPLIED = text(
    """
    UPDATE inbox i SET state = 'applied', applied_at = :now
    FROM unnest(CAST(:of AS text[]), CAST(:ids AS uuid[])) AS d (sender, message_id)
    WHERE i.sender = d.sender AND i.message_id = d.message_id
    """
)
_MOVE_CURSORS = text(
    f"""
    UPDATE inbox_cursor c SET applied_sequence = l.sequence
    FROM {_LANES.removesuffix(")")}, CAST(:sequences AS bigint[])) AS l (rlts_traf_id, sender, recipient, sequence)
    WHERE c.rlts_traf_id = l.rlts_traf_id AND c.sender = l.sender AND c.recipient = l.recipient
    """  # noqa: S608
)
_SET_STATE = text("UPDATE inbox SET state = :state WHERE sender = :sender AND message_id = :message_id")
_SKIP = text(
    """
    WITH skipped AS (
        UPDATE inbox SET state = 'aside' WHERE sender = :sender AND message_id = :message_id
        RETURNING rlts_traf_id, sender, recipient, sequence
    )
    UPDATE inbox_cursor c SET applied_sequence = s.sequence FROM skipped s
    WHERE c.rlts_traf_id = s.rlts_traf_id AND c.sender = s.sender AND c.recipient = s.recipient
        AND c.applied_sequence = s.sequence - 1
    """
)
_LANES_OF_CASE = text(
    """
    SELECT DISTINCT rlts_traf_id, sender, recipient FROM inbox
    WHERE rlts_traf_id = :rlts_traf_id AND recipient = :recipient AND state IN ('waiting', 'quarantined')
    """
)

MessageKey = tuple[str, UUID]
"""Sender and message id: ids of one sender never stand for those of another."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in custody that is not applied yet; ``envelope`` where it was read already, at its verification."""

    sender: str
    message_id: UUID
    recipient: str
    rlts_traf_id: str
    sequence: int
    type: str
    value: bytes
    signature: str
    traceparent: str | None
    envelope: Envelope | None = None

    @property
    def lane(self) -> Lane:
        """Case, sender, recipient."""
        return self.rlts_traf_id, self.sender, self.recipient


@dataclass(frozen=True, slots=True)
class Custody:
    """What of a batch was new (``message keys``), came again, or contradicts what is held."""

    new: frozenset[MessageKey]
    again: tuple[tuple[Verified, UUID], ...]
    contradicting: tuple[Verified, ...]


def key_of(message: Verified) -> MessageKey:
    """The key of a verified message."""
    return str(message.envelope.source), message.envelope.id


async def store(
    connection: AsyncConnection,
    messages: Sequence[Verified],
    receipts: Mapping[tuple[str, str], UUID],
    now: datetime,
    *,
    applied: Collection[MessageKey] = (),
) -> Custody:
    """Take messages into custody, in one statement; ``receipts`` names by (sender, recipient) the coming receipt.

    ``applied`` are those that this transaction will apply; the others of a case wait.
    """
    by_key = {key_of(message): message for message in reversed(messages)}
    if not by_key:
        return Custody(frozenset(), (), ())
    states = ["applied" if key in applied or m.envelope.subject is None else "waiting" for key, m in by_key.items()]
    columns = _columns(list(by_key.values()), receipts)
    rows = await connection.execute(_STORE, columns | {"states": states, "now": now})
    new = frozenset((row.sender, row.message_id) for row in rows)
    rest = {key: message for key, message in by_key.items() if key not in new}
    held = await _find(connection, rest)
    again = tuple((m, held[k][0]) for k, m in rest.items() if k in held and held[k][1] == m.record.value)
    absorbed = {key_of(message) for message, _ in again}
    return Custody(new, again, tuple(m for k, m in rest.items() if k not in absorbed))


async def lock(connection: AsyncConnection, lanes: Collection[Lane]) -> dict[Lane, int]:
    """Lock the lanes until the transaction ends, always in the same order; how far each has been applied."""
    if not lanes:
        return {}
    columns = _lane_columns(sorted(lanes))
    await connection.execute(_ENSURE_CURSORS, columns)
    rows = await connection.execute(_LOCK_CURSORS, columns)
    return {(row.rlts_traf_id, row.sender, row.recipient): row.applied_sequence for row in rows}


async def waiting(connection: AsyncConnection, lanes: Collection[Lane]) -> list[Waiting]:
    """Messages of locked lanes that wait, in sequence; none of a case with a message in quarantine."""
    rows = await connection.execute(_WAITING, _lane_columns(sorted(lanes)) | {"limit": READY_LIMIT})
    return [Waiting(**row._mapping) for row in rows]


async def held_up(connection: AsyncConnection, lanes: Collection[Lane]) -> set[Lane]:
    """Those of locked lanes in which something waits, or whose case has a message in quarantine."""
    rows = await connection.execute(_HELD_UP, _lane_columns(sorted(lanes)))
    return {(row.rlts_traf_id, row.sender, row.recipient) for row in rows}


async def note_applied(connection: AsyncConnection, messages: Sequence[Waiting], now: datetime) -> None:
    """Mark messages that waited as applied."""
    if not messages:
        return
    keys = {"of": [message.sender for message in messages], "ids": [message.message_id for message in messages]}
    await connection.execute(_NOTE_APPLIED, {**keys, "now": now})


async def move_cursors(connection: AsyncConnection, applied: Sequence[Waiting]) -> None:
    """Move locked lanes' cursors to the last of these messages that were applied."""
    if not applied:
        return
    last = {message.lane: message.sequence for message in sorted(applied, key=lambda message: message.sequence)}
    await connection.execute(_MOVE_CURSORS, {"sequences": list(last.values())} | _lane_columns(list(last)))


async def set_state(connection: AsyncConnection, sender: str, message_id: UUID, state: str) -> None:
    """Put one message into ``state``: ``waiting``, ``quarantined`` (its case waits) or ``aside`` (nobody does)."""
    await connection.execute(_SET_STATE, {"state": state, "sender": sender, "message_id": message_id})


async def skip(connection: AsyncConnection, sender: str, message_id: UUID) -> None:
    """Leave out one quarantined message of a locked lane: it will never be applied, and what follows it may be."""
    await connection.execute(_SKIP, {"sender": sender, "message_id": message_id})


async def lanes_of_case(connection: AsyncConnection, rlts_traf_id: str, recipient: str) -> list[Lane]:
    """The lanes of a case at a recipient in which something is not applied."""
    rows = await connection.execute(_LANES_OF_CASE, {"rlts_traf_id": rlts_traf_id, "recipient": recipient})
    return [(row.rlts_traf_id, row.sender, row.recipient) for row in rows]


async def _find(connection: AsyncConnection, keys: Collection[MessageKey]) -> dict[MessageKey, tuple[UUID, bytes]]:
    if not keys:
        return {}
    rows = await connection.execute(_FIND, {"senders": [key[0] for key in keys], "ids": [key[1] for key in keys]})
    return {(row.sender, row.message_id): (row.receipt_id, row.value) for row in rows}


def _columns(messages: Sequence[Verified], receipts: Mapping[tuple[str, str], UUID]) -> dict[str, object]:
    envelopes = [message.envelope for message in messages]
    senders, recipients = [str(e.source) for e in envelopes], [str(e.recipient) for e in envelopes]
    return {
        "senders": senders,
        "ids": [e.id for e in envelopes],
        "recipients": recipients,
        "cases": [e.subject for e in envelopes],
        "sequences": [e.sequence for e in envelopes],
        "types": [e.type for e in envelopes],
        "values": [message.record.value for message in messages],
        "signatures": [message.record.signature for message in messages],
        "traceparents": [message.record.traceparent for message in messages],
        "receipts": [receipts[pair] for pair in zip(senders, recipients, strict=True)],
    }


def _lane_columns(lanes: Sequence[Lane]) -> dict[str, object]:
    return {
        "cases": [lane[0] for lane in lanes],
        "senders": [lane[1] for lane in lanes],
        "recipients": [lane[2] for lane in lanes],
    }
