"""What the web side needs of a service's context, and how a route gets at that context."""

from typing import Any, Protocol, cast

from fastapi import FastAPI
from starlette.requests import Request

from shared.settings import ServiceSettings
from shared.web.health import Health
from shared.web.tokens import TokenVerifier


class WebContext(Protocol):
    """Every service's context has at least these; ``shared.runtime.foundation`` makes them."""

    @property
    def settings(self) -> ServiceSettings:
        """The service's settings."""
        ...

    @property
    def tokens(self) -> TokenVerifier:
        """Verifies bearer tokens."""
        ...

    @property
    def health(self) -> Health:
        """Whether loops turn and the database is there."""
        ...


def context_of(app: FastAPI) -> WebContext:
    """The context that ``create_app`` was given."""
    return cast(WebContext, app.state.context)


async def current_context(request: Request) -> Any:
    """A dependency: ``Context = Annotated[OutboundContext, Depends(current_context)]`` in the service."""
    return request.app.state.context
