"""Fetching the signed snapshot from the platform (RFC 9110 §13.1.2: only when it changed)."""

from dataclasses import dataclass

import httpx

from shared.errors import Unavailable
from shared.registry.snapshot import MAX_SNAPSHOT_BYTES, MEDIA_TYPE

_PATH = "/v1/registry"


class RegistryUnavailable(Unavailable):
    """The platform did not answer with a snapshot; what we hold goes on counting."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The JWS text as it came, nothing verified yet, and its ETag."""

    text: str
    etag: str | None


async def fetch_snapshot(
    http: httpx.AsyncClient, platform_url: str, etag: str | None, timeout_seconds: float
) -> Fetched | None:
    """What ``GET {platform_url}/v1/registry`` answers, ``None`` when it is still the one of ``etag``.

    ``http`` brings its own authentication. Raises ``RegistryUnavailable`` for anything but 200 and 304, and for
    an answer that is too large.
    """
    headers = {"Accept": MEDIA_TYPE} | ({} if etag is None else {"If-None-Match": etag})
    url = platform_url.rstrip("/") + _PATH
    try:
        async with http.stream("GET", url, headers=headers, timeout=timeout_seconds) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return None
            if response.status_code != httpx.codes.OK:
                raise RegistryUnavailable(f"the registry answered {response.status_code}")
            return Fetched(await _text(response), response.headers.get("ETag"))
    except httpx.HTTPError as error:
        raise RegistryUnavailable(f"the registry did not answer: {type(error).__name__}") from error


async def _text(response: httpx.Response) -> str:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_SNAPSHOT_BYTES:
            raise RegistryUnavailable("the registry's answer is too large")
    return body.decode("utf-8", errors="replace")
