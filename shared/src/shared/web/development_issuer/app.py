"""The issuer's two addresses: its key set and its token endpoint."""

import base64
import binascii
from datetime import timedelta
from urllib.parse import parse_qs, unquote_plus

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.clock import Clock
from shared.web.development_issuer.clients import Clients
from shared.web.development_issuer.signing_key import SigningKey

_MAX_FORM_BYTES = 10_000


def create_issuer(key: SigningKey, clients: Clients, clock: Clock, *, lifetime: timedelta) -> Starlette:
    """The application: ``GET /jwks``, ``POST /token`` (client credentials, Basic or in the form), ``GET /healthz``."""

    async def jwks(_request: Request) -> Response:
        return JSONResponse(key.key_set())

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def token(request: Request) -> Response:
        form = await _form(request)
        if form is None or form.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type", 400)
        client = clients.authenticate(*_credentials(request, form))
        if client is None:
            return _refused("invalid_client", 401)
        claims = client.claims_for(form.get("scope"))
        if claims is None:
            return _refused("invalid_scope", 400)
        answer = {
            "access_token": key.mint(claims, now=clock.now(), lifetime=lifetime),
            "token_type": "Bearer",
            "expires_in": int(lifetime.total_seconds()),
            "scope": claims["scope"],
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[Route("/jwks", jwks), Route("/healthz", healthz), Route("/token", token, methods=["POST"])]
    )


def _refused(error: str, status: int) -> Response:
    return JSONResponse({"error": error}, status, headers={"Cache-Control": "no-store"})


async def _form(request: Request) -> dict[str, str] | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            return None
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", errors="replace")).items()}


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    # RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
    return unquote_plus(client_id), unquote_plus(secret)
