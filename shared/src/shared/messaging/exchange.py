"""Everything a service needs to take part in the exchange, put together once per process."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, Self

from shared.clock import Clock
from shared.contracts.party import Party
from shared.database import Database
from shared.messaging.applying import Applier
from shared.messaging.consumer import Consumer, Subscription
from shared.messaging.delivery import Handlers
from shared.messaging.gauges import Gauges
from shared.messaging.housekeeping import Keep, Resends, Retention
from shared.messaging.intake import Intake
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay, Resend
from shared.messaging.replay import Replayer
from shared.messaging.verification import KeySource
from shared.signing.signers import Signers


class _Settings(Protocol):
    """What the exchange reads of a service's settings (``shared.settings.ServiceSettings`` has it)."""

    @property
    def deployment(self) -> str: ...
    @property
    def replica(self) -> str: ...
    @property
    def kafka_bootstrap_servers(self) -> str: ...
    @property
    def resend_first_seconds(self) -> float: ...
    @property
    def resend_last_seconds(self) -> float: ...
    @property
    def feed_days(self) -> int: ...
    @property
    def quarantine_days(self) -> int: ...


@dataclass(frozen=True)
class Exchange:
    """The parts that the API (``replayer``, ``signers``) and the worker (``loops``) of one service share."""

    served: frozenset[Party]
    database: Database
    signers: Signers
    keys: KeySource
    clock: Clock
    replayer: Replayer
    relay: Relay
    consumer: Consumer
    gauges: Gauges
    resends: Resends
    retention: Retention

    @classmethod
    def build(
        cls,
        package: str,
        settings: _Settings,
        *,
        served: Collection[Party],
        database: Database,
        signers: Signers,
        keys: KeySource,
        handlers: Handlers,
        clock: Clock,
    ) -> Self:
        """Put the parts together for the parties ``served``; nothing connects before the first turn of a loop.

        Topics and consumer group follow from the settings: one topic per party, one group per deployment and service.
        """
        applier = Applier(handlers)
        intake = Intake(database, applier, served=served, signers=signers, keys=keys, clock=clock)
        publisher = Publisher(settings.kafka_bootstrap_servers, client_id=f"{package}-{settings.replica}")
        resend = Resend(settings.resend_first_seconds, settings.resend_last_seconds)
        relay = Relay(database, publisher, clock, resend, signers=signers)
        subscription = Subscription(
            bootstrap_servers=settings.kafka_bootstrap_servers,
            topics=tuple(sorted(party.topic for party in served)),
            group_id=f"{settings.deployment}.{package}",
            instance_id=f"{package}-{settings.replica}",
        )
        return cls(
            served=frozenset(served),
            database=database,
            signers=signers,
            keys=keys,
            clock=clock,
            replayer=Replayer(database, applier, intake, clock),
            relay=relay,
            consumer=Consumer(subscription, intake, publisher, relay),
            gauges=Gauges(database, clock),
            resends=Resends(database, clock),
            retention=Retention(database, clock, Keep(settings.feed_days, settings.quarantine_days)),
        )

    @property
    def loops(self) -> tuple[Relay, Consumer, Gauges, Resends, Retention]:
        """What the worker turns."""
        return self.relay, self.consumer, self.gauges, self.resends, self.retention
