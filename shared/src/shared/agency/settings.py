"""What both agency services are told from outside, beyond what every service is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from shared.figures.settings import ReportingSettings
from shared.settings import MEBIBYTE


class FactsMode(StrEnum):
    """How an agency's core tells what it knows: it pushes records, or answers when asked."""

    PUSH = "push"
    PULL = "pull"


class PulledCore(BaseModel):
    """Where a core answers, and our credentials there (OAuth 2 client credentials)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: AnyHttpUrl
    token_url: AnyHttpUrl
    client_id: str
    client_secret: SecretStr


class AgencySettings(ReportingSettings):
    """Settings of person records and core tasks."""

    external_core_agencies: Annotated[frozenset[str], NoDecode] = frozenset()
    """Agencies whose own core system pulls tasks and posts results; for all others our tables are the core."""
    pulled_cores: Mapping[str, PulledCore] = Field(default_factory=dict)
    """By agency, the cores that are asked (``facts_mode`` pull): JSON, ``{"370100": {"url": ..., ...}}``."""
    core_timeout_seconds: float = Field(default=2.0, gt=0, le=60)
    """How long a whole set of questions to a core may take; less than the platform waits for us."""
    paid_clct_flags: Annotated[frozenset[str], NoDecode] = frozenset({"1"})
    """``clct_flag`` values that mean paid."""
    real_emp_mgt_types: Annotated[frozenset[str], NoDecode] = frozenset({"1"})
    """``emp_mgt_type`` values of real employers; flexible workers and residents have virtual units."""
    max_import_bytes: int = Field(default=2048 * MEBIBYTE, ge=MEBIBYTE)

    @field_validator("external_core_agencies", "paid_clct_flags", "real_emp_mgt_types", mode="before")
    @classmethod
    def _set_from_comma_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return frozenset(part.strip() for part in value.split(",") if part.strip())

    @model_validator(mode="after")
    def _pull_from_external_cores_only(self) -> Self:
        if not self.pulled_cores.keys() <= self.external_core_agencies:
            raise ValueError("PULLED_CORES names an agency that is not in EXTERNAL_CORE_AGENCIES")
        return self

    def facts_mode(self, admdvs: str) -> FactsMode:
        """How the core of an agency tells its facts."""
        return FactsMode.PULL if admdvs in self.pulled_cores else FactsMode.PUSH

    @property
    def embedded_core_agencies(self) -> tuple[str, ...]:
        """The agencies served here whose core our own tables are."""
        return tuple(code for code in self.agencies if code not in self.external_core_agencies)

    def is_core_embedded(self, admdvs: str) -> bool:
        """Whether our own tables are the core of this agency."""
        return admdvs not in self.external_core_agencies
