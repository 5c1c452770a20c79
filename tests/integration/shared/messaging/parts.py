"""Two services that write to each other, on real parts, with handlers that only note what they are given."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import RelationEnded, SheetAccepted, SheetRefused, TransferWithdrawn
from shared.contracts.party import PLATFORM, Party
from shared.database import Database
from shared.messaging import CannotApply, Delivery, Handlers, NotAParty, Outgoing, enqueue
from shared.messaging.applying import Applier
from shared.messaging.consumer import Consumer, Subscription
from shared.messaging.housekeeping import Resends
from shared.messaging.intake import Intake
from shared.messaging.publisher import BrokerUnavailable, Publisher
from shared.messaging.record import Record
from shared.messaging.relay import Relay
from shared.messaging.replay import Replayer
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose, VerificationKey
from shared.signing.signers import Signers
from tests.clocks import AdvancingClock

JINAN = Party.parse("outbound.370100")
QINGDAO = Party.parse("outbound.370200")
CASE, OTHER_CASE = "AAAAAAAA1", "BBBBBBBB2"
Sent = SheetAccepted | SheetRefused | TransferWithdrawn


@dataclass
class Keys:
    """What ``shared.registry.RegistryCopy`` is to the intake: keys by id, and more of them after a refresh."""

    keys: dict[str, VerificationKey] = field(default_factory=dict)
    coming: dict[str, VerificationKey] = field(default_factory=dict)

    @property
    def current(self) -> "Keys":
        return self

    async def refresh_for_unknown(self) -> bool:
        has_news = bool(self.coming)
        self.keys |= self.coming
        self.coming = {}
        return has_news


class World:
    """The parties' keys, as everybody knows them."""

    def __init__(self, *parties: Party, algorithm: str = "ES256") -> None:
        self.private = {party: PrivateKey.generate(algorithm) for party in parties}
        self.keys = Keys({key.kid: entry(party, key) for party, key in self.private.items()})

    def signers(self, *parties: Party) -> Signers:
        return Signers({(party, Purpose.MESSAGE): self.private[party] for party in parties})


def entry(party: Party, key: PrivateKey) -> VerificationKey:
    """A message key of a party in the registry."""
    return VerificationKey(
        kid=key.kid,
        owner=party,
        purpose=Purpose.MESSAGE,
        algorithm=key.algorithm,
        public_key=key.public_key,
        valid_from=datetime(2020, 1, 1, tzinfo=UTC),
    )


def accepted(version: int = 1) -> SheetAccepted:
    return SheetAccepted(sheet_version=version, arrival="x")


def ended() -> RelationEnded:
    return RelationEnded(ended_on=date(2026, 3, 2))


@dataclass
class Noter:
    """Handlers that write what they get into ``noted``, and refuse or fail on cases that the test names."""

    refuses: set[str] = field(default_factory=set)
    breaks: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    seems_out: set[str] = field(default_factory=set)
    sets: list[int] = field(default_factory=list)

    async def note(self, connection: AsyncConnection, deliveries: Sequence[Delivery[Sent]]) -> None:
        self.sets.append(len(deliveries))
        for delivery in deliveries:
            version = getattr(delivery.event, "sheet_version", 0)
            body = f"{delivery.sender} {delivery.sequence} {type(delivery.event).__name__} {version}"
            await connection.execute(
                text("INSERT INTO noted (rlts_traf_id, body) VALUES (:case, :body)"),
                {"case": delivery.rlts_traf_id, "body": body},
            )
            if delivery.rlts_traf_id in self.refuses:
                raise CannotApply("尚不能处理", code="not-yet")
            if str(delivery.sender) in self.strangers:
                raise NotAParty("不是经办方")
            if delivery.rlts_traf_id in self.breaks:
                raise KeyError(delivery.rlts_traf_id)
            if delivery.rlts_traf_id in self.seems_out:
                raise FileNotFoundError(delivery.rlts_traf_id)


class Service:
    """One deployed service with its database, relay and consumer."""

    def __init__(
        self, database: Database, world: World, clock: AdvancingClock, bootstrap: str, *parties: Party
    ) -> None:
        self.database, self.clock, self.parties = database, clock, parties
        self.signers = world.signers(*parties)
        self.noter = Noter()
        note = self.noter.note
        self.handlers: Handlers = {SheetAccepted: note, SheetRefused: note, RelationEnded: note}
        self.applier = Applier(self.handlers)
        self.intake = Intake(database, self.applier, served=parties, signers=self.signers, keys=world.keys, clock=clock)
        self.resends = Resends(database, clock)
        self.replayer = Replayer(database, self.applier, self.intake, clock)
        self.publisher = Publisher(bootstrap)
        self.relay = Relay(database, self.publisher, clock, signers=self.signers)
        topics = tuple(party.topic for party in parties)
        self.subscription = Subscription(bootstrap, topics, f"test.{parties[0]}", "0")
        self.consumer = Consumer(self.subscription, self.intake, self.publisher, self.relay)

    async def send(self, *outgoing: Outgoing) -> None:
        """Write messages, as a use case would, a moment after the last ones."""
        self.clock.advance(milliseconds=1)
        async with self.database.transaction() as connection:
            await enqueue(connection, outgoing, signers=self.signers, now=self.clock.now())

    async def outgoing(self) -> list[Record]:
        """What the relay would send, straight from the log, in order."""
        async with self.database.connection() as connection:
            rows = await connection.execute(text("SELECT * FROM message_log ORDER BY message_id"))
            return [
                Record(Party.parse(row.recipient).topic, row.rlts_traf_id, row.value, row.signature, row.traceparent)
                for row in rows
            ]

    async def noted(self, case: str) -> list[str]:
        """What the handlers were given for a case, in order."""
        async with self.database.connection() as connection:
            query = text("SELECT body FROM noted WHERE rlts_traf_id = :case ORDER BY id")
            return list(await connection.scalars(query, {"case": case}))

    async def count(self, table: str) -> int:
        async with self.database.connection() as connection:
            return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.database.connection() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def close(self) -> None:
        await self.consumer.close()
        await self.relay.close()
        await self.publisher.close()
        await self.database.dispose()


def to_jinan(event: Sent, case: str = CASE) -> Outgoing:
    return Outgoing(PLATFORM, JINAN, case, event)


def to_platform(case: str = CASE, sender: Party = JINAN) -> Outgoing:
    return Outgoing(sender, PLATFORM, case, ended())


async def turn(*services: "Service") -> None:
    """Turn the loops of each once, as the runtime does: what is out of reach for now is tried again."""
    for service in services:
        for loop in (service.resends, service.relay, service.consumer):
            with suppress(BrokerUnavailable):
                await loop.turn()
