"""What every service is told from outside: environment variables, read once, at the start, in one place."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class DatabaseSettings(BaseSettings):
    """Where the database is; all that the ``migrate`` command needs.

    The name of a variable is the field's in capitals (``DATABASE_URL``). Nothing secret has a default.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: SecretStr
    migration_database_url: SecretStr | None = None
    app_role: str | None = Field(default=None, pattern=r"^[a-z_][a-z0-9_]{0,62}$")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def owner_database_url(self) -> str:
        """The URL that migrations use: the owner's where one is given, else the service's own."""
        return (self.migration_database_url or self.database_url).get_secret_value()


class ServiceSettings(DatabaseSettings):
    """Settings that all services share; each service adds its own in a subclass."""

    environment: Literal["development", "production"] = "production"
    deployment: str = Field(default="default", pattern=r"^[a-z0-9-]{1,40}$")
    """Stands in consumer group ids, so that two deployments never share one."""
    replica: str = Field(default="0", pattern=r"^[A-Za-z0-9.-]{1,80}$")
    """Stable per replica (a StatefulSet's pod name): the consumer's ``group_instance_id``."""
    agencies: Annotated[tuple[str, ...], NoDecode] = ()
    """The pooling areas that this deployment serves (``AGENCIES=370100,370200``)."""

    database_pool_size: int = Field(default=10, ge=1, le=200)
    kafka_bootstrap_servers: str = ""
    resend_first_seconds: float = Field(default=30.0, gt=0, le=600)
    """A message without a receipt is sent again after this long, then after twice as long each time,"""
    resend_last_seconds: float = Field(default=600.0, gt=0, le=86_400)
    """and never later than this after the last time."""
    feed_days: int = Field(default=400, ge=1, le=36_500)
    """So long the event feed is kept; who pulls more seldom misses what happened before,"""
    quarantine_days: int = Field(default=400, ge=1, le=36_500)
    """and so long a resolved entry of the quarantine."""

    platform_url: AnyHttpUrl | None = None
    auth_issuer: str
    auth_audience: str
    auth_jwks_url: AnyHttpUrl
    token_url: AnyHttpUrl | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    keys_dir: Path | None = None
    registry_root_key_file: Path | None = None

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    max_body_bytes: int = Field(default=MEBIBYTE, ge=1024, le=64 * MEBIBYTE)
    otlp_endpoint: AnyHttpUrl | None = None

    @field_validator("agencies", mode="before")
    @classmethod
    def _from_comma_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("agencies")
    @classmethod
    def _are_area_codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(len(code) == 6 and code.isascii() and code.isdigit() for code in value):
            raise ValueError("AGENCIES is a comma list of six-digit area codes")
        return value

    @property
    def is_development(self) -> bool:
        """Whether this is a machine to try things out on."""
        return self.environment == "development"
