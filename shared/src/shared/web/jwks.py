"""The issuer's public keys (RFC 7517), fetched when needed and never more often than allowed."""

import asyncio
from datetime import datetime, timedelta

import httpx
import jwt
import structlog

from shared.clock import Clock
from shared.errors import Unavailable

ALGORITHMS = ("ES256", "RS256")
_MAX_DOCUMENT_BYTES = 256 * 1024
_MAX_KEYS = 50
_TIMEOUT_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class KeySet:
    """Keys by ``kid``.

    An unknown ``kid`` fetches again, at most once in ``pause``; keys older than ``max_age`` are fetched again too,
    but go on counting while the issuer does not answer.
    """

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        clock: Clock,
        *,
        pause: timedelta = timedelta(seconds=10),
        max_age: timedelta = timedelta(minutes=10),
    ) -> None:
        self._url = url
        self._http = http
        self._clock = clock
        self._pause = pause
        self._max_age = max_age
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The key named ``kid``, None when the issuer has none; raises ``Unavailable`` when it cannot be asked."""
        # While somebody asks the issuer, or just did in vain, a key that is known goes on counting without waiting.
        if kid in self._keys and (not self._is_stale() or self._one_at_a_time.locked() or not self._may_try()):
            return self._keys[kid]
        async with self._one_at_a_time:
            if (kid not in self._keys or self._is_stale()) and self._may_try():
                await self._refresh()
        if kid not in self._keys and self._fetched_at is None:
            raise Unavailable("the issuer's keys are not known yet")
        return self._keys.get(kid)

    def _is_stale(self) -> bool:
        return self._fetched_at is None or self._clock.now() - self._fetched_at > self._max_age

    def _may_try(self) -> bool:
        return self._tried_at is None or self._clock.now() - self._tried_at >= self._pause

    async def _refresh(self) -> None:
        self._tried_at = self._clock.now()
        try:
            document = await self._fetch()
            self._keys = _usable(document)
        except (httpx.HTTPError, ValueError, jwt.PyJWTError) as error:
            _log.warning("issuer_keys_not_fetched", reason=type(error).__name__)
            return
        self._fetched_at = self._clock.now()

    async def _fetch(self) -> object:
        async with self._http.stream("GET", self._url, timeout=_TIMEOUT_SECONDS) as response:
            response.raise_for_status()
            content = b""
            async for part in response.aiter_bytes():
                content += part
                if len(content) > _MAX_DOCUMENT_BYTES:
                    raise ValueError("key set too large")
        return httpx.Response(200, content=content).json()


def _usable(document: object) -> dict[str, jwt.PyJWK]:
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or len(keys) > _MAX_KEYS:
        raise ValueError("not a key set")
    found: dict[str, jwt.PyJWK] = {}
    for entry in keys:
        algorithm = _algorithm(entry)
        if algorithm is not None and isinstance(entry.get("kid"), str):
            found[entry["kid"]] = jwt.PyJWK(entry, algorithm=algorithm)
    return found


def _algorithm(entry: object) -> str | None:
    # The key decides the algorithm, never the token: a public key must not become an HMAC secret.
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    if entry.get("kty") == "EC" and entry.get("crv") == "P-256" and entry.get("alg", "ES256") == "ES256":
        return "ES256"
    if entry.get("kty") == "RSA" and entry.get("alg", "RS256") == "RS256":
        return "RS256"
    return None
