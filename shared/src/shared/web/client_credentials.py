"""Tokens for calls from service to service: OAuth 2 client credentials (RFC 6749 §4.4)."""

import asyncio
import re
from collections.abc import AsyncGenerator, Generator
from datetime import datetime, timedelta
from urllib.parse import quote_plus

import httpx

from shared.clock import Clock
from shared.errors import Unavailable

_RENEWED_BEFORE = timedelta(seconds=60)
_MAX_LIFETIME_SECONDS = 86_400
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""RFC 6750 §2.1."""
_STRANGE = (
    httpx.HTTPStatusError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip


class ClientCredentials(httpx.Auth):
    """Puts a bearer token on every request of an ``httpx.AsyncClient``.

    One token at a time, renewed a minute before it ends by whoever comes first, and once when a peer answers 401.
    Raises ``Unavailable`` when the issuer gives none.
    """

    def __init__(self, token_url: str, client_id: str, client_secret: str, clock: Clock) -> None:
        self._token_url = token_url
        # RFC 6749 §2.3.1: both are form-encoded before they are joined.
        self._basic = httpx.BasicAuth(quote_plus(client_id), quote_plus(client_secret))
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._token = ""
        self._renew_at: datetime | None = None

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Only asynchronous clients are served."""
        raise TypeError("ClientCredentials needs an httpx.AsyncClient")

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Fetch a token where needed, then send ``request`` with it."""
        for is_last in (False, True):
            async with self._one_at_a_time:
                if not self._is_fresh():
                    self._keep(await _read((yield self._token_request())))
            token = self._token
            request.headers["Authorization"] = f"Bearer {token}"
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED or is_last:
                return
            if token == self._token:
                self._renew_at = None

    def _is_fresh(self) -> bool:
        return self._renew_at is not None and self._clock.now() < self._renew_at

    def _token_request(self) -> httpx.Request:
        request = httpx.Request("POST", self._token_url, data={"grant_type": "client_credentials"})
        return next(self._basic.auth_flow(request))

    def _keep(self, response: httpx.Response) -> None:
        try:
            response.raise_for_status()
            answer = response.json()
            token, lifetime = str(answer["access_token"]), int(answer.get("expires_in", 60))
            if not _TOKEN.fullmatch(token):
                raise ValueError("no token that a header could carry")
        except _STRANGE as error:
            raise Unavailable(f"the issuer gave no token: {type(error).__name__}") from error
        self._token = token
        self._renew_at = self._clock.now() + _renewed_after(lifetime)


async def _read(response: httpx.Response) -> httpx.Response:
    await response.aread()
    return response


def _renewed_after(lifetime_seconds: int) -> timedelta:
    lifetime = timedelta(seconds=max(0, min(lifetime_seconds, _MAX_LIFETIME_SECONDS)))
    # A token shorter than the margin is used for half of its time.
    return max(lifetime - _RENEWED_BEFORE, lifetime / 2)
