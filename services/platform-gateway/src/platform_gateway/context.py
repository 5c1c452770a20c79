"""What the platform's use cases, routes and loops work with."""

from dataclasses import dataclass

from platform_gateway.attempts import Attempts
from platform_gateway.registry_source import RegistrySource
from platform_gateway.settings import GatewaySettings
from platform_gateway.sides import Sides
from shared.calendar import WorkingDays
from shared.clock import Clock
from shared.database import Database
from shared.signing.signers import Signers
from shared.web.health import Health
from shared.web.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class GatewayContext:
    """Everything a process of the platform holds; made once, at the start."""

    settings: GatewaySettings
    database: Database
    clock: Clock
    tokens: TokenVerifier
    health: Health
    signers: Signers
    registry: RegistrySource
    sides: Sides
    calendar: WorkingDays
    attempts: Attempts
