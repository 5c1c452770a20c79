"""Writing messages: sequence, signature, log and outbox, in the caller's transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import anyio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import Event
from shared.contracts.party import Party
from shared.messaging import envelope, metrics
from shared.messaging.ids import new_ids
from shared.messaging.outgoing import Outgoing
from shared.messaging.traces import traceparent_of
from shared.signing.signers import Signers

_SIGNED_AT_ONCE = 100
Lane = tuple[str, str, str]
"""Case, sender, recipient: within it messages are numbered 1, 2, 3, … without a gap."""

_ALLOCATE = text(
    """
    INSERT INTO message_sequence AS present (rlts_traf_id, sender, recipient, last_sequence)
    SELECT * FROM unnest(CAST(:cases AS text[]), CAST(:senders AS text[]), CAST(:recipients AS text[]),
                         CAST(:counts AS bigint[]))
    ON CONFLICT (rlts_traf_id, sender, recipient)
    DO UPDATE SET last_sequence = present.last_sequence + excluded.last_sequence
    RETURNING rlts_traf_id, sender, recipient, last_sequence
    """
)
_STORE = text(
    """
    WITH message AS (
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:senders AS text[]), CAST(:recipients AS text[]), CAST(:cases AS text[]),
            CAST(:sequences AS bigint[]), CAST(:types AS text[]), CAST(:values AS bytea[]),
            CAST(:signatures AS text[]), CAST(:traceparents AS text[]))
        AS m (message_id, sender, recipient, rlts_traf_id, sequence, type, value, signature, traceparent)
    ), logged AS (
        INSERT INTO message_log (message_id, recorded_at, sender, recipient, rlts_traf_id, sequence, type, value,
                                 signature, traceparent)
        SELECT message_id, :now, sender, recipient, rlts_traf_id, sequence, type, value, signature, traceparent
        FROM message
    )
    INSERT INTO outbox (message_id, recorded_at, sender, recipient, due_at, attempts)
    SELECT message_id, :now, sender, recipient, :now, 0 FROM message
    """
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message with its place; those of the exchange itself have no case and no sequence."""

    sender: Party
    recipient: Party
    event: Event
    rlts_traf_id: str | None = None
    sequence: int | None = None


async def enqueue(
    connection: AsyncConnection, outgoing: Sequence[Outgoing], *, signers: Signers, now: datetime
) -> list[UUID]:
    """Write messages into the log and the outbox, in the order given; returns their ids.

    Holds the lanes' numbers until the transaction ends, so that two transactions never leave a gap. The caller
    already holds the cases' locks. Raises ``NoSigningKey`` where this deployment cannot sign for a sender.
    """
    if not outgoing:
        return []
    last = await _allocate(connection, Counter(_lane(message) for message in outgoing))
    return await store(connection, _numbered(outgoing, last), signers=signers, now=now)


async def store(
    connection: AsyncConnection, messages: Sequence[Numbered], *, signers: Signers, now: datetime
) -> list[UUID]:
    """Sign and write messages whose place is given; returns their ids."""
    ids = new_ids(now, len(messages))
    write = partial(_write_and_sign, ids, messages, signers, now)
    # A bank file makes thousands: the service goes on answering in between.
    values, signatures = write() if len(messages) <= _SIGNED_AT_ONCE else await anyio.to_thread.run_sync(write)
    await connection.execute(
        _STORE,
        {
            "ids": ids,
            "senders": [str(message.sender) for message in messages],
            "recipients": [str(message.recipient) for message in messages],
            "cases": [message.rlts_traf_id for message in messages],
            "sequences": [message.sequence for message in messages],
            "types": [message.event.ce_type() for message in messages],
            "values": values,
            "signatures": signatures,
            "now": now,
            "traceparents": [traceparent_of(message.rlts_traf_id) for message in messages],
        },
    )
    metrics.count(metrics.WRITTEN, (message.event.ce_type() for message in messages))
    return ids


def _write_and_sign(
    ids: Sequence[UUID], messages: Sequence[Numbered], signers: Signers, now: datetime
) -> tuple[list[bytes], list[str]]:
    values = [
        envelope.write(
            message_id,
            message.event,
            sender=message.sender,
            recipient=message.recipient,
            time=now,
            rlts_traf_id=message.rlts_traf_id,
            sequence=message.sequence,
        )
        for message_id, message in zip(ids, messages, strict=True)
    ]
    signed = zip(messages, values, strict=True)
    return values, [signers.sign_detached(message.sender, value) for message, value in signed]


def _lane(message: Outgoing) -> Lane:
    return message.rlts_traf_id, str(message.sender), str(message.recipient)


async def _allocate(connection: AsyncConnection, counts: Mapping[Lane, int]) -> dict[Lane, int]:
    lanes = sorted(counts)  # always in the same order, so that two transactions never wait for each other in a ring
    rows = await connection.execute(
        _ALLOCATE,
        {
            "cases": [lane[0] for lane in lanes],
            "senders": [lane[1] for lane in lanes],
            "recipients": [lane[2] for lane in lanes],
            "counts": [counts[lane] for lane in lanes],
        },
    )
    return {(row.rlts_traf_id, row.sender, row.recipient): row.last_sequence for row in rows}


def _numbered(outgoing: Sequence[Outgoing], last: Mapping[Lane, int]) -> list[Numbered]:
    counts = Counter(_lane(message) for message in outgoing)
    following = {lane: last[lane] - count + 1 for lane, count in counts.items()}
    numbered = []
    for message in outgoing:
        lane = _lane(message)
        numbered.append(
            Numbered(message.sender, message.recipient, message.event, message.rlts_traf_id, following[lane])
        )
        following[lane] += 1
    return numbered
