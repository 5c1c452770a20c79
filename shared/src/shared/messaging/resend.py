"""Asking for what was sent before, and sending it again: how a restored database catches up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import ResendRequested
from shared.contracts.party import Party
from shared.messaging.outbox import Numbered, store
from shared.messaging.verification import Verified
from shared.signing.signers import Signers

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_ID = UUID(int=0)
_REMEMBER = text(
    """
    INSERT INTO resend (sender, recipient, next_at, next_id, until_at) VALUES (:sender, :recipient, :since, :id, :now)
    ON CONFLICT (sender, recipient) DO UPDATE SET
        next_at = LEAST(resend.next_at, excluded.next_at),
        next_id = CASE WHEN excluded.next_at <= resend.next_at THEN excluded.next_id ELSE resend.next_id END,
        until_at = excluded.until_at
    """
)
_TAKE = text(
    """
    SELECT sender, recipient, next_at, next_id, until_at FROM resend
    ORDER BY until_at, sender, recipient LIMIT 1 FOR UPDATE SKIP LOCKED
    """
)
_REPOST = text(
    """
    WITH piece AS (
        SELECT message_id, recorded_at FROM message_log
        WHERE recipient = :recipient AND sender = :sender AND rlts_traf_id IS NOT NULL
          AND recorded_at BETWEEN :next_at AND :until_at AND (recorded_at, message_id) > (:next_at, :next_id)
        ORDER BY recorded_at, message_id LIMIT :limit
    ), put AS (
        INSERT INTO outbox (message_id, recorded_at, sender, recipient, due_at, attempts)
        SELECT message_id, recorded_at, :sender, :recipient, :now, 0 FROM piece ORDER BY recorded_at, message_id
        ON CONFLICT DO NOTHING
    )
    SELECT recorded_at, message_id FROM piece ORDER BY recorded_at, message_id
    """
)
_GO_ON = text("UPDATE resend SET next_at = :at, next_id = :id WHERE sender = :sender AND recipient = :recipient")
_DONE = text("DELETE FROM resend WHERE sender = :sender AND recipient = :recipient")


async def request(
    connection: AsyncConnection,
    *,
    party: Party,
    senders: Sequence[Party],
    since: datetime,
    signers: Signers,
    now: datetime,
) -> list[UUID]:
    """Ask ``senders`` for everything that they sent to ``party`` since an instant (UTC); returns the messages' ids.

    The requests lie in the outbox until they are receipted, like any message; they belong to no case.
    """
    event = ResendRequested(since=since)
    messages = [Numbered(party, sender, event) for sender in senders]
    return await store(connection, messages, signers=signers, now=now) if messages else []


async def serve(
    connection: AsyncConnection, requests: Sequence[tuple[Verified, ResendRequested]], now: datetime
) -> None:
    """Remember to send again what the log holds for who asks; ``send_some`` does it.

    Many requests of one party are one, from the earliest instant on.
    """
    earliest: dict[tuple[str, str], datetime] = {}
    for verified, event in requests:
        pair = str(verified.envelope.source), str(verified.envelope.recipient)
        # An instant at the end of the calendar is none that the database can hold.
        since = min(max(event.since, _BEFORE_ALL), now)
        earliest[pair] = min(earliest.get(pair, since), since)
    for (recipient, sender), since in sorted(earliest.items()):
        given = {"sender": sender, "recipient": recipient, "since": since, "id": _FIRST_ID, "now": now}
        await connection.execute(_REMEMBER, given)


async def send_some(connection: AsyncConnection, *, now: datetime, limit: int = 1000) -> bool:
    """Put up to ``limit`` messages of one pending request into the outbox again, with the bytes of then, oldest first.

    What is still on its way is not sent twice. Returns whether there was a request.
    """
    pending = (await connection.execute(_TAKE)).one_or_none()
    if pending is None:
        return False
    pair = {"sender": pending.sender, "recipient": pending.recipient}
    sent = (await connection.execute(_REPOST, {**pending._mapping, "now": now, "limit": limit})).all()
    if len(sent) < limit:
        await connection.execute(_DONE, pair)
    else:
        await connection.execute(_GO_ON, pair | {"at": sent[-1].recorded_at, "id": sent[-1].message_id})
    return True
