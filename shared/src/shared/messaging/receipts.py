"""Custody receipts: signed, stored, never receipted themselves, and so outside outbox and inbox."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import MessageReceipt
from shared.contracts.party import Party
from shared.messaging import envelope
from shared.messaging.ids import new_ids
from shared.messaging.inbox import Custody, MessageKey, key_of
from shared.messaging.record import Record
from shared.messaging.verification import Verified
from shared.signing.signers import Signers

Pair = tuple[str, str]
"""Sender and recipient of the messages that are receipted; the receipt itself goes the other way."""

_KEEP = text(
    """
    INSERT INTO custody_receipt (receipt_id, sender, recipient, value, signature, recorded_at)
    SELECT r.*, :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:senders AS text[]), CAST(:recipients AS text[]),
                CAST(:values AS bytea[]), CAST(:signatures AS text[]))
        AS r (receipt_id, sender, recipient, value, signature)
    ON CONFLICT DO NOTHING
    """
)
_TAKE = text(
    """
    WITH given AS (
        SELECT DISTINCT * FROM unnest(CAST(:ids AS uuid[]), CAST(:receipts AS uuid[]), CAST(:parties AS text[]),
                                      CAST(:owners AS text[])) AS g (message_id, receipt_id, party, owner)
    ), locked AS (
        SELECT o.message_id, g.receipt_id FROM outbox o JOIN given g USING (message_id)
        WHERE o.recipient = g.party AND o.sender = g.owner
        ORDER BY o.message_id FOR UPDATE OF o
    ), done AS (
        DELETE FROM outbox WHERE message_id IN (SELECT message_id FROM locked)
    )
    INSERT INTO message_receipt (message_id, receipt_id, recorded_at)
    SELECT message_id, receipt_id, :now FROM locked
    ON CONFLICT DO NOTHING
    """
)
_STORED = text(
    """
    SELECT r.sender, r.recipient, r.value, r.signature
    FROM custody_receipt r JOIN unnest(CAST(:ids AS uuid[]), CAST(:senders AS text[])) AS k (receipt_id, sender)
        USING (receipt_id, sender)
    """
)


@dataclass(frozen=True, slots=True)
class _Receipt:
    """A receipt as it is signed and kept; its sender is who has taken the messages."""

    receipt_id: UUID
    sender: str
    recipient: str
    value: bytes
    signature: str


def plan(messages: Sequence[Verified], now: datetime) -> dict[Pair, UUID]:
    """One receipt id for each (sender, recipient) of a batch."""
    pairs = sorted({(str(m.envelope.source), str(m.envelope.recipient)) for m in messages})
    return dict(zip(pairs, new_ids(now, len(pairs)), strict=True))


async def issue(
    connection: AsyncConnection,
    messages: Sequence[Verified],
    custody: Custody,
    planned: Mapping[Pair, UUID],
    *,
    signers: Signers,
    now: datetime,
) -> list[Record]:
    """Sign and store the receipts of a batch's new messages; with them come the stored ones of those seen before."""
    covered = _covered(messages, custody.new)
    receipts = [_receipt(pair, ids, planned[pair], signers, now) for pair, ids in covered.items()]
    await _keep(connection, receipts, now)
    new = [_record(receipt.recipient, receipt.value, receipt.signature) for receipt in receipts]
    return new + await _stored(
        connection, {(receipt, str(m.envelope.recipient)) for m, receipt in custody.again}, signers
    )


async def take(connection: AsyncConnection, receipts: Sequence[tuple[Verified, MessageReceipt]], now: datetime) -> None:
    """Keep receipts that came for our messages and take those messages out of the outbox.

    Only the recipient of a message can receipt it: what a receipt says of others' messages is of no effect.
    """
    if not receipts:
        return
    kept = [
        _Receipt(
            verified.envelope.id,
            str(verified.envelope.source),
            str(verified.envelope.recipient),
            verified.record.value,
            verified.record.signature,
        )
        for verified, _ in receipts
    ]
    await _keep(connection, kept, now)
    flat = [(message_id, verified.envelope) for verified, receipt in receipts for message_id in receipt.message_ids]
    await connection.execute(
        _TAKE,
        {
            "ids": [message_id for message_id, _ in flat],
            "receipts": [receipt.id for _, receipt in flat],
            "parties": [str(receipt.source) for _, receipt in flat],
            "owners": [str(receipt.recipient) for _, receipt in flat],
            "now": now,
        },
    )


def _covered(messages: Sequence[Verified], new: Collection[MessageKey]) -> dict[Pair, list[UUID]]:
    covered: dict[Pair, dict[UUID, None]] = defaultdict(dict)
    for message in messages:
        if key_of(message) in new:
            covered[str(message.envelope.source), str(message.envelope.recipient)][message.envelope.id] = None
    return {pair: list(ids) for pair, ids in covered.items()}


def _receipt(pair: Pair, message_ids: Sequence[UUID], receipt_id: UUID, signers: Signers, now: datetime) -> _Receipt:
    sender, recipient = (Party.parse(address) for address in pair)
    event = MessageReceipt(message_ids=tuple(message_ids), received_at=now)
    value = envelope.write(receipt_id, event, sender=recipient, recipient=sender, time=now)
    return _Receipt(receipt_id, str(recipient), str(sender), value, signers.sign_detached(recipient, value))


async def _keep(connection: AsyncConnection, receipts: Sequence[_Receipt], now: datetime) -> None:
    if not receipts:
        return
    await connection.execute(
        _KEEP,
        {
            "ids": [receipt.receipt_id for receipt in receipts],
            "senders": [receipt.sender for receipt in receipts],
            "recipients": [receipt.recipient for receipt in receipts],
            "values": [receipt.value for receipt in receipts],
            "signatures": [receipt.signature for receipt in receipts],
            "now": now,
        },
    )


async def _stored(connection: AsyncConnection, keys: Collection[tuple[UUID, str]], signers: Signers) -> list[Record]:
    if not keys:
        return []
    ordered = sorted(keys)
    rows = await connection.execute(_STORED, {"ids": [k[0] for k in ordered], "senders": [k[1] for k in ordered]})
    return [
        _record(row.recipient, row.value, signers.renew_detached(Party.parse(row.sender), row.value, row.signature))
        for row in rows
    ]


def _record(recipient: str, value: bytes, signature: str) -> Record:
    return Record(Party.parse(recipient).topic, None, value, signature)
