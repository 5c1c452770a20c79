"""What the service's routes and loops work with."""

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
from shared.registry.copy import RegistryCopy
from shared.signing.signers import Signers
from shared.web.context import current_context
from shared.web.health import Health
from shared.web.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class InboundContext:
    """Everything a process of this service holds; made once, at the start."""

    settings: InboundSettings
    database: Database
    clock: Clock
    tokens: TokenVerifier
    health: Health
    signers: Signers
    registry: RegistryCopy

    @property
    def office(self) -> Office:
        """What use cases work with."""
        return Office(self.settings, self.clock, self.signers, self.registry)

    async def on_core_results(self, connection: AsyncConnection, results: Sequence[CoreResult]) -> None:
        """What follows when the core answers."""
        await apply_core_results(connection, results, self.office)


Context = Annotated[InboundContext, Depends(current_context)]
