"""The HTTP application of a service."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.web import handlers, health, openapi
from shared.web.context import WebContext
from shared.web.docs_page import DOCS_POLICY, page
from shared.web.middleware import RequestContext
from shared.web.routing import Router, StrictRoute


def create_app(
    title: str, version: str, routers: Sequence[Router], context: WebContext | None, *, description: str = ""
) -> FastAPI:
    """A FastAPI application with problems, limits, authentication, health, metrics and documents.

    It takes the routes of all ``routers`` as they are: they hold nothing of an application. Without a ``context``
    it only describes itself (OpenAPI, the list of routes); it must not be served.
    """
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.context = context
    for router in routers:
        app.router.routes.extend(router.routes)
    _require_strict_routes(app)
    handlers.install(app)
    app.add_middleware(RequestContext)
    app.router.routes.extend(health.routes(context.health if context is not None else health.Health()))
    app.router.routes.extend(_documents(app))
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return app


def _documents(app: FastAPI) -> list[Route]:
    async def document(_request: Request) -> Response:
        return _Json(app.openapi())

    async def docs(_request: Request) -> Response:
        return HTMLResponse(page(app.openapi()), headers={"Content-Security-Policy": DOCS_POLICY})

    return [Route("/openapi.json", document), Route("/docs", docs)]


def _require_strict_routes(app: FastAPI) -> None:
    lax = [
        context.path
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute) and not isinstance(context.original_route, StrictRoute)
    ]
    if lax:
        raise TypeError(f"routes made without shared.web.routing.Router: {lax}")


class _Json(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return openapi.as_bytes(content)
