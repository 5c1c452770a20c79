"""What the routers need of the service that mounts them."""

from typing import Annotated, Protocol

from fastapi import Depends

from shared.agency.core import OnCoreResults
from shared.agency.settings import AgencySettings
from shared.clock import Clock
from shared.database import Database
from shared.errors import NotFound
from shared.registry.registry import Registry
from shared.web.authentication import Principal
from shared.web.context import current_context


class AgencyContext(Protocol):
    """The context of outbound and of inbound has at least these."""

    @property
    def settings(self) -> AgencySettings:
        """The service's settings."""
        ...

    @property
    def database(self) -> Database:
        """The service's database."""
        ...

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        ...

    @property
    def registry(self) -> Registry:
        """The registry as held; raises ``RegistryMissing`` before the first fetch."""
        ...

    @property
    def on_core_results(self) -> OnCoreResults:
        """What follows from the core's answers."""
        ...


Context = Annotated[AgencyContext, Depends(current_context)]


def served_agency(caller: Principal, context: AgencyContext) -> str:
    """The caller's agency; one that this deployment does not serve has nothing here (404)."""
    admdvs = caller.agency()
    if admdvs not in context.settings.agencies:
        raise NotFound("本服务不为该统筹区服务。")
    return admdvs
