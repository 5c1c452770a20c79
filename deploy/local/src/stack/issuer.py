"""The development issuer as a process of the stack, and the clients that the services are to it."""

import asyncio
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from shared.clock import Clock
from shared.web.development_issuer.signing_key import SigningKey
from stack.child import Child
from stack.errors import NotReady
from stack.tokens import Tokens

AUDIENCE = "transfer"
_READY_SECONDS = 30.0
_STOP_SECONDS = 5.0

_SERVICE_SCOPES: Mapping[str, str] = {
    "platform_gateway": "platform registry:read",
    "outbound": "registry:read",
    "inbound": "registry:read",
    "ledger": "registry:read",
}


class Issuer:
    """``url`` is the issuer's name in tokens; services get their own client each."""

    def __init__(self, folder: Path, port: int, *, logs: Path, env: Mapping[str, str], clock: Clock) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._key_file = folder / "key.pem"
        self._clients_file = folder / "clients.json"
        self._clock = clock
        self._child = Child(
            "issuer",
            [sys.executable, "-m", "shared.web.development_issuer"],
            log=logs / "issuer.log",
            env={
                **env,
                "ENVIRONMENT": "development",
                "AUTH_ISSUER": self.url,
                "AUTH_AUDIENCE": AUDIENCE,
                "ISSUER_KEY_FILE": str(self._key_file),
                "ISSUER_CLIENTS_FILE": str(self._clients_file),
                "PORT": str(port),
            },
        )
        self._secrets = self._ensure_clients()

    def tokens(self) -> Tokens:
        """Mints tokens that this issuer's key signs."""
        key = SigningKey.load_or_make(self._key_file, issuer=self.url, audience=AUDIENCE)
        return Tokens(key, self._clock)

    def settings_of(self, package: str) -> dict[str, str]:
        """What a service must know to verify tokens and to get its own."""
        return {
            "AUTH_ISSUER": self.url,
            "AUTH_AUDIENCE": AUDIENCE,
            "AUTH_JWKS_URL": f"{self.url}/jwks",
            "TOKEN_URL": f"{self.url}/token",
            "CLIENT_ID": package,
            "CLIENT_SECRET": self._secrets[package],
        }

    async def start(self) -> None:
        """Start and wait until it answers; raises ``ProcessEnded`` or ``NotReady``."""
        self._child.start()
        deadline = time.monotonic() + _READY_SECONDS
        async with httpx.AsyncClient(base_url=self.url, timeout=2, trust_env=False) as http:
            while not await _answers(http):
                self._child.check()
                if time.monotonic() > deadline:
                    raise NotReady(f"the issuer does not answer; see {self._child.log}")
                await asyncio.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        self._child.stop(within_seconds=_STOP_SECONDS)

    def _ensure_clients(self) -> dict[str, str]:
        self._clients_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = json.loads(self._clients_file.read_text()) if self._clients_file.exists() else []
        kept = {client["client_id"]: client["client_secret"] for client in known}
        by_package = {package: kept.get(package) or secrets.token_urlsafe(24) for package in _SERVICE_SCOPES}
        clients = [
            {
                "client_id": package,
                "client_secret": secret,
                "claims": {"scope": _SERVICE_SCOPES[package], "admdvs": "*"},
            }
            for package, secret in by_package.items()
        ]
        descriptor = os.open(self._clients_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(clients, file, indent=1)
        return by_package


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/healthz")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
