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
_REPOST = text(
    """
    INSERT INTO outbox (message_id, recorded_at, sender, recipient, due_at, attempts)
    SELECT message_id, recorded_at, sender, recipient, :now, 0 FROM message_log
    WHERE recipient = :recipient AND sender = :sender AND recorded_at >= :since AND rlts_traf_id IS NOT NULL
    ORDER BY message_id
    ON CONFLICT DO NOTHING
    """
)


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
    """Put into the outbox again what the log holds for who asks: the bytes of then.

    Many requests of one party are one, from the earliest instant on; what is still on its way is not sent twice.
    """
    earliest: dict[tuple[str, str], datetime] = {}
    for verified, event in requests:
        pair = str(verified.envelope.source), str(verified.envelope.recipient)
        # An instant at the end of the calendar is none that the database can hold.
        since = min(max(event.since, _BEFORE_ALL), now)
        earliest[pair] = min(earliest.get(pair, since), since)
    for (recipient, sender), since in sorted(earliest.items()):
        await connection.execute(_REPOST, {"recipient": recipient, "sender": sender, "since": since, "now": now})
