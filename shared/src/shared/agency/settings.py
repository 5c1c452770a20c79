"""What both agency services are told from outside, beyond what every service is."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from shared.settings import MEBIBYTE, ServiceSettings


class AgencySettings(ServiceSettings):
    """Settings of person records and core tasks."""

    external_core_agencies: Annotated[frozenset[str], NoDecode] = frozenset()
    """Agencies whose own core system pulls tasks and posts results; for all others our tables are the core."""
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

    @property
    def embedded_core_agencies(self) -> tuple[str, ...]:
        """The agencies served here whose core our own tables are."""
        return tuple(code for code in self.agencies if code not in self.external_core_agencies)

    def is_core_embedded(self, admdvs: str) -> bool:
        """Whether our own tables are the core of this agency."""
        return admdvs not in self.external_core_agencies
