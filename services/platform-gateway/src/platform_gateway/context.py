"""What the platform's use cases, routes and loops work with."""

from dataclasses import dataclass

from platform_gateway.attempts import Attempts
from platform_gateway.registry_source import RegistrySource
from platform_gateway.settings import GatewaySettings
from platform_gateway.sides import Sides
from shared.clock import Clock
from shared.database import Database
from shared.messaging.exchange import Exchange
from shared.signing.signers import Signers
from shared.web.health import Health
from shared.web.tokens import TokenVerifier


@dataclass(frozen=True)
class RegistryKeeper:
    """What changing the registry needs; commands that an operator runs have no more than this."""

    database: Database
    clock: Clock
    registry: RegistrySource


@dataclass(frozen=True)
class GatewayContext(RegistryKeeper):
    """What use cases and message handlers are given."""

    settings: GatewaySettings
    tokens: TokenVerifier
    health: Health
    signers: Signers
    sides: Sides
    attempts: Attempts


@dataclass(frozen=True)
class GatewayProcess(GatewayContext):
    """Everything that a process holds: also the exchange, whose handlers are the use cases."""

    exchange: Exchange
