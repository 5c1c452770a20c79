"""What the inbound service is told from outside."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from inbound.domain.checks import CheckRules
from shared.agency.settings import AgencySettings


class InboundSettings(AgencySettings):
    """Settings of this service; the readings have the value that the texts or their usual reading give."""

    auto_accept_agencies: Annotated[frozenset[str], NoDecode] = frozenset()
    """Agencies where a sheet without any difference is accepted without a clerk."""
    one_person_agencies: Annotated[frozenset[str], NoDecode] = frozenset()
    """Agencies where the same clerk may submit and review."""
    real_emp_mgt_types: Annotated[frozenset[str], NoDecode] = frozenset({"1"})
    """``emp_mgt_type`` values of real employers; flexible workers and residents have virtual units."""
    facts_max_age_hours: int = Field(default=24, ge=1, le=24 * 31)
    """A refusal is never built on facts older than this."""
    core_batch: int = Field(default=200, ge=1, le=1000)

    @field_validator("auto_accept_agencies", "one_person_agencies", "real_emp_mgt_types", mode="before")
    @classmethod
    def _more_sets_from_comma_lists(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return frozenset(part.strip() for part in value.split(",") if part.strip())

    @property
    def check_rules(self) -> CheckRules:
        """The settings that checks need."""
        return CheckRules(self.real_emp_mgt_types, timedelta(hours=self.facts_max_age_hours))

    def needs_two_people(self, admdvs: str) -> bool:
        """Whether 经办 and 复核 must be different people in this agency."""
        return admdvs not in self.one_person_agencies
