"""Verify first, parse after: what of a batch of records may be believed."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.contracts.events import Event, MessageReceipt, ResendRequested
from shared.contracts.party import Party
from shared.errors import DomainError
from shared.messaging.envelope import Envelope, EnvelopeUnreadable, read, read_event
from shared.messaging.record import Record
from shared.signing.errors import KeyUnknown, VerificationFailed, WrongOwner
from shared.signing.keys import Keys
from shared.signing.messages import verify_detached

_TRANSPORT = {kind.ce_type() for kind in (MessageReceipt, ResendRequested)}


class HasKeys(Protocol):
    """The registry, as far as messages need it."""

    @property
    def keys(self) -> Keys:
        """All verification keys by ``kid``."""
        ...


class KeySource(Protocol):
    """The service's copy of the registry (``shared.registry.RegistryCopy`` is one)."""

    @property
    def current(self) -> HasKeys:
        """The newest version held; raises an ``Unavailable`` when there is none yet."""
        ...

    async def refresh_for_unknown(self) -> bool:
        """Look for a newer version, at most once in some seconds; says whether one came. Never raises."""
        ...


class NotForUs(DomainError):
    """The recipient is none of the parties that this deployment serves."""

    code = "recipient-not-served"


@dataclass(frozen=True, slots=True)
class Verified:
    """A record whose signature holds, from the party that it names, to one that we serve."""

    record: Record
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that we do not take into custody, and why; it is kept, and never receipted."""

    record: Record
    error: DomainError


@dataclass(slots=True)
class Sorted:
    """A batch by what is to be done with it."""

    messages: list[Verified] = field(default_factory=list)
    receipts: list[tuple[Verified, MessageReceipt]] = field(default_factory=list)
    resends: list[tuple[Verified, ResendRequested]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def add(self, verified: Verified, event: Event | None) -> None:
        """Put a verified record where it belongs; ``event`` is given for those of the exchange itself."""
        if isinstance(event, MessageReceipt):
            self.receipts.append((verified, event))
        elif isinstance(event, ResendRequested):
            self.resends.append((verified, event))
        else:
            self.messages.append(verified)


async def sort(records: Sequence[Record], served: Collection[Party], source: KeySource, now: datetime) -> Sorted:
    """Verify every record at the instant ``now`` and sort the batch; asks once for newer keys when one is unknown.

    Signatures are checked in a thread, so that health and heartbeats go on meanwhile.
    """
    result = await asyncio.to_thread(_sort, records, served, source.current.keys, now)
    if (
        any(isinstance(rejected.error, KeyUnknown) for rejected in result.rejected)
        and await source.refresh_for_unknown()
    ):
        return await asyncio.to_thread(_sort, records, served, source.current.keys, now)
    return result


def _sort(records: Sequence[Record], served: Collection[Party], keys: Keys, now: datetime) -> Sorted:
    result = Sorted()
    for record in records:
        try:
            verified = _verify(record, served, keys, now)
            event = read_event(verified.envelope) if verified.envelope.type in _TRANSPORT else None
        except DomainError as error:
            result.rejected.append(Rejected(record, error))
        else:
            result.add(verified, event)
    return result


def _verify(record: Record, served: Collection[Party], keys: Keys, now: datetime) -> Verified:
    if not record.signature:
        raise VerificationFailed("消息没有签名", code="signature-missing")
    signed_by = verify_detached(record.signature, record.value, keys, now)
    envelope = read(record.value)
    if envelope.source != signed_by.owner:
        raise WrongOwner("签名密钥不属于消息所称的发送方")
    if envelope.recipient not in served or record.topic != envelope.recipient.topic:
        raise NotForUs("消息的接收方不是本方")
    if (envelope.type in _TRANSPORT) != (envelope.subject is None):
        raise EnvelopeUnreadable("消息缺少办件编号，或不应带办件编号")
    if (envelope.subject is None) != (envelope.sequence is None):
        raise EnvelopeUnreadable("消息缺少序号，或不应带序号")
    return Verified(record, envelope)
