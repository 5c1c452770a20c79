"""Applying what is in custody, in sequence, through the service's handlers."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import EVENTS, Event
from shared.contracts.party import Party
from shared.errors import DomainError
from shared.messaging import envelope, inbox, quarantine, traces
from shared.messaging.delivery import Delivery, Handler, Handlers, NotAParty
from shared.messaging.envelope import EventUnreadable
from shared.messaging.in_turn import InTurn
from shared.messaging.inbox import Waiting
from shared.messaging.outbox import Lane
from shared.messaging.waves import Waves, by_type
from shared.outages import is_outage


class NoHandler(DomainError):
    """This service does nothing with messages of this type (a newer one may)."""

    code = "no-handler"


@dataclass(slots=True)
class Applied:
    """What came of it: ``done`` in the order applied, ``failed`` with the reason's code."""

    done: list[Waiting] = field(default_factory=list)
    failed: list[tuple[Waiting, str]] = field(default_factory=list)


class Applier:
    """Knows the service's handlers."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = {kind.ce_type(): handler for kind, handler in handlers.items()}

    async def in_sets(self, connection: AsyncConnection, ready: InTurn, now: datetime) -> Applied:
        """Apply what has come in its turn, stored as applied already, and then what is ready in the lanes held up.

        All set by set; whatever a handler raises comes out, and nothing holds.
        """

        async def apply(wave: Sequence[Waiting], _: Waves, applied: Applied) -> None:
            for messages in by_type(wave):
                await self._handle(connection, messages)
                applied.done += messages

        applied = Applied()
        waves = Waves(ready.messages, ready.cursors)
        while wave := waves.next():
            await apply(wave, waves, applied)
        await inbox.move_cursors(connection, applied.done)
        waited = await self._run(connection, ready.held_up, now, apply)
        applied.done += waited.done
        return applied

    async def singly(
        self, connection: AsyncConnection, lanes: Collection[Lane], now: datetime, *, is_patient: bool = True
    ) -> Applied:
        """Apply what is ready in ``lanes``, each message under its own savepoint; one that fails goes to quarantine.

        Raises what ``is_outage`` calls an outage; out of patience only when the connection itself is gone.
        """

        async def apply(wave: Sequence[Waiting], waves: Waves, applied: Applied) -> None:
            for message in wave:
                error = await self._try(connection, message, is_patient=is_patient)
                if error is None:
                    applied.done.append(message)
                    continue
                waves.block(message, is_whole_case=not isinstance(error, NotAParty))
                applied.failed.append((message, await quarantine.put_failed(connection, message, error, now)))

        return await self._run(connection, lanes, now, apply)

    async def _run(
        self,
        connection: AsyncConnection,
        lanes: Collection[Lane],
        now: datetime,
        apply: Callable[[Sequence[Waiting], Waves, Applied], Awaitable[None]],
    ) -> Applied:
        applied = Applied()
        cursors = await inbox.lock(connection, lanes)
        found = inbox.READY_LIMIT if cursors else 0
        while found == inbox.READY_LIMIT:
            messages = await inbox.waiting(connection, lanes)
            found, before = len(messages), len(applied.done)
            waves = Waves(messages, cursors)
            while wave := waves.next():
                await apply(wave, waves, applied)
            await inbox.note_applied(connection, applied.done[before:], now)
            await inbox.move_cursors(connection, applied.done[before:])
            cursors |= {message.lane: message.sequence for message in applied.done[before:]}
            if len(applied.done) == before:
                break
        return applied

    async def _try(self, connection: AsyncConnection, message: Waiting, *, is_patient: bool) -> Exception | None:
        try:
            async with connection.begin_nested():
                await self._handle(connection, [message])
        except Exception as error:
            # A handler may fail in any way; the message is kept with the reason, and the others go on.
            if is_outage(error) and (is_patient or connection.invalidated):
                raise
            return error
        return None

    async def _handle(self, connection: AsyncConnection, messages: Sequence[Waiting]) -> None:
        handler = self._handler(messages[0].type)
        trail = {message.rlts_traf_id: message.traceparent for message in messages if message.traceparent}
        with traces.cases(trail):
            await handler(connection, [_delivery(message) for message in messages])

    def _handler(self, kind: str) -> Handler[Event]:
        if kind not in EVENTS:
            raise EventUnreadable("未知的消息类型", code="event-type-unknown")
        handler = self._handlers.get(kind)
        if handler is None:
            raise NoHandler("本服务不处理这类消息")
        return handler


def _delivery(message: Waiting) -> Delivery[Event]:
    read = message.envelope or envelope.read(message.value)
    return Delivery(
        message_id=message.message_id,
        sender=Party.parse(message.sender),
        recipient=Party.parse(message.recipient),
        rlts_traf_id=message.rlts_traf_id,
        sequence=message.sequence,
        occurred_at=read.time,
        event=envelope.read_event(read),
        traceparent=message.traceparent,
    )
