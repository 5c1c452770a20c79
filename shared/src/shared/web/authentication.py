"""Who may call what: one line on every route.

``Caller = Annotated[Principal, Security(authenticated, scopes=["transfers:read"])]``

``scopes=["ledger:work|ledger:check"]``: one of them is enough.
"""

from collections.abc import Iterable
from typing import Annotated

from fastapi import FastAPI, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import OAuth2 as OAuth2Model
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from shared.web.context import context_of
from shared.web.principal import Principal
from shared.web.refusals import InsufficientScope, Unauthenticated

__all__ = ["Principal", "alternatives", "authenticate", "authenticated", "required_scopes", "scopes_by_route"]


class _AccessToken(SecurityBase):
    """How the OpenAPI document calls our bearer tokens."""

    def __init__(self) -> None:
        flow = OAuthFlowClientCredentials(tokenUrl="/token", scopes={})
        self.model = OAuth2Model(flows=OAuthFlows(clientCredentials=flow))
        self.scheme_name = "access_token"

    async def __call__(self) -> None:
        """Nothing to read here: ``authenticate`` does it."""


_access_token = _AccessToken()
_OR = "|"


async def authenticated(
    request: Request, scopes: SecurityScopes, _scheme: Annotated[None, Security(_access_token)]
) -> Principal:
    """The caller, holding all ``scopes``; raises ``Unauthenticated`` (401) or ``InsufficientScope`` (403)."""
    return await authenticate(request, scopes.scopes)


async def authenticate(request: Request, scopes: Iterable[str]) -> Principal:
    """Verify the request's token once, and that it carries every one of ``scopes``, or one of its alternatives."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        principal = await context_of(request.app).tokens.verify(_bearer(request))
        request.state.principal = principal
    missing = [each for each in sorted(set(scopes)) if principal.scopes.isdisjoint(alternatives(each))]
    if missing:
        challenge = f'Bearer error="insufficient_scope", scope="{" ".join(alternatives(each)[0] for each in missing)}"'
        told = "、".join(" 或 ".join(alternatives(each)) for each in missing)
        raise InsufficientScope(f"令牌缺少权限：{told}。", headers={"WWW-Authenticate": challenge})
    return principal


def alternatives(scope: str) -> list[str]:
    """The scopes of which one is enough where ``scope`` is asked for."""
    return scope.split(_OR)


def required_scopes(dependant: Dependant) -> list[str] | None:
    """The scopes that an operation asks for; None when it does not ask who calls."""
    found: list[str] | None = None
    for inner in dependant.dependencies:
        if inner.call is authenticated:
            found = [*(found or []), *(inner.parent_oauth_scopes or []), *(inner.own_oauth_scopes or [])]
        deeper = required_scopes(inner)
        if deeper is not None:
            found = [*(found or []), *deeper]
    return None if found is None else sorted(set(found))


def scopes_by_route(app: FastAPI) -> dict[tuple[str, str], list[str]]:
    """Every operation of ``app`` as (method, path) with its scopes, alternatives each by itself; an empty list is a
    route open to anybody.
    """
    return {
        (method, context.path or ""): [
            one for scope in required_scopes(context.dependant) or [] for one in alternatives(scope)
        ]
        if isinstance(context.original_route, APIRoute)
        else []
        for context in iter_route_contexts(app.routes)
        for method in sorted(context.methods or {"*"})
        if method != "HEAD"
    }


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("请在 Authorization 请求头中提供访问令牌。", headers={"WWW-Authenticate": "Bearer"})
    return token.strip()
