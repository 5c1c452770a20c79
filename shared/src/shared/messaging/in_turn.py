"""Messages that come in their turn: known before they are stored, so that they never have to wait and be read back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.messaging import inbox
from shared.messaging.inbox import MessageKey, Waiting, key_of
from shared.messaging.outbox import Lane
from shared.messaging.verification import Verified


@dataclass(frozen=True, slots=True)
class InTurn:
    """``messages`` of a batch that follow what their lanes have applied, in sequence within each; the batch's lanes
    are locked, ``cursors`` says how far each is, ``held_up`` are those in which more is to be looked at.
    """

    cursors: Mapping[Lane, int] = field(default_factory=dict)
    held_up: Collection[Lane] = frozenset()
    messages: Sequence[Waiting] = ()

    @property
    def keys(self) -> frozenset[MessageKey]:
        """The keys of ``messages``."""
        return frozenset((message.sender, message.message_id) for message in self.messages)


async def find(connection: AsyncConnection, messages: Sequence[Verified]) -> InTurn:
    """Lock the lanes of verified messages of cases, and find those that can be applied as they come."""
    if not messages:
        return InTurn()
    cursors = await inbox.lock(connection, {lane_of(message) for message in messages})
    held_up = await inbox.held_up(connection, cursors)
    following = {lane: applied + 1 for lane, applied in cursors.items() if lane not in held_up}
    chosen = []
    for message in sorted(messages, key=lambda message: message.envelope.sequence or 0):
        lane = lane_of(message)
        if following.get(lane) == message.envelope.sequence:
            following[lane] += 1
            chosen.append(_waiting(message, lane))
    return InTurn(cursors, held_up, chosen)


def lane_of(message: Verified) -> Lane:
    """The lane of a verified message of a case."""
    return str(message.envelope.subject), str(message.envelope.source), str(message.envelope.recipient)


def _waiting(message: Verified, lane: Lane) -> Waiting:
    record, envelope = message.record, message.envelope
    rlts_traf_id, _, recipient = lane
    sender, message_id = key_of(message)
    return Waiting(
        sender=sender,
        message_id=message_id,
        recipient=recipient,
        rlts_traf_id=rlts_traf_id,
        sequence=envelope.sequence or 0,
        type=envelope.type,
        value=record.value,
        signature=record.signature,
        traceparent=record.traceparent,
        envelope=envelope,
    )
