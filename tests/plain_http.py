"""HTTP without TLS, as everything in a test speaks it."""

import ssl
from typing import Any

import httpx

_TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def plain_client(**options: Any) -> httpx.AsyncClient:
    """A client for ``http://``: it does not read the system's certificates, which takes longer than most tests."""
    return httpx.AsyncClient(verify=_TRUSTS_NOBODY, trust_env=False, **options)
