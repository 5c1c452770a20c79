"""What a process of the inbound holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.office import Office
from inbound.settings import InboundSettings
from inbound.use_cases.apply_core_results import apply_core_results
from shared.agency.core import CoreResult
from shared.clock import Clock
from shared.database import Database
from shared.messaging.exchange import Exchange
from shared.registry.registry import Registry
from shared.web.context import current_context
from shared.web.health import Health
from shared.web.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class InboundContext:
    """Made once, at the start; fits ``WebContext`` and ``AgencyContext``."""

    database: Database
    office: Office
    exchange: Exchange
    tokens: TokenVerifier
    health: Health

    @property
    def settings(self) -> InboundSettings:
        """The service's settings."""
        return self.office.settings

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        return self.office.clock

    @property
    def registry(self) -> Registry:
        """The registry as held."""
        return self.office.registry.current

    async def on_core_results(self, connection: AsyncConnection, results: Sequence[CoreResult]) -> None:
        """What follows when the core answers."""
        await apply_core_results(connection, results, self.office)


Context = Annotated[InboundContext, Depends(current_context)]
