"""Start the issuer: ``ENVIRONMENT=development python -m shared.web.development_issuer``."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Literal

import uvicorn
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.clock import SystemClock
from shared.telemetry.logs import configure_logging
from shared.web.development_issuer.app import create_issuer
from shared.web.development_issuer.clients import Clients
from shared.web.development_issuer.signing_key import SigningKey


class IssuerSettings(BaseSettings):
    """``ENVIRONMENT`` must say ``development``; anything else refuses to start."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    environment: Literal["development"]
    auth_issuer: str
    auth_audience: str
    issuer_key_file: Path
    issuer_clients_file: Path
    token_seconds: int = Field(default=3600, ge=60, le=86_400)
    host: str = "127.0.0.1"
    port: int = Field(default=8090, ge=1, le=65535)


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 when the settings are not right."""
    try:
        settings = IssuerSettings()
    except ValidationError as error:
        sys.stderr.write(f"the development issuer does not start: {error}\n")
        return 2
    configure_logging("development_issuer")
    key = SigningKey.load_or_make(
        settings.issuer_key_file, issuer=settings.auth_issuer, audience=settings.auth_audience
    )
    clients = Clients.load(settings.issuer_clients_file)
    app = create_issuer(key, clients, SystemClock(), lifetime=timedelta(seconds=settings.token_seconds))
    uvicorn.run(app, host=settings.host, port=settings.port, access_log=False, log_config=None, lifespan="off")
    return 0


if __name__ == "__main__":
    sys.exit(main())
