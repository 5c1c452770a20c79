"""What a process of the outbound holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.office import Office
from outbound.settings import OutboundSettings
from outbound.use_cases.react_to_core import react_to_core
from shared.agency.core import CoreResult
from shared.clock import Clock
from shared.database import Database
from shared.messaging.exchange import Exchange
from shared.registry.registry import Registry
from shared.web.health import Health
from shared.web.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class OutboundContext:
    """Made once, at the start; fits ``WebContext`` and ``AgencyContext``."""

    office: Office
    exchange: Exchange
    tokens: TokenVerifier
    health: Health

    @property
    def settings(self) -> OutboundSettings:
        """The service's settings."""
        return self.office.settings

    @property
    def database(self) -> Database:
        """The service's database."""
        return self.office.database

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        return self.office.clock

    @property
    def registry(self) -> Registry:
        """The registry as held."""
        return self.office.registry

    async def on_core_results(self, connection: AsyncConnection, results: Sequence[CoreResult]) -> None:
        """What follows from the core's answers."""
        await react_to_core(self.office, connection, results)
