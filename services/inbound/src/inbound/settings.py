"""What the inbound service is told from outside."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from shared.agency.settings import AgencySettings


class InboundSettings(AgencySettings):
    """Settings of this service; the readings have the value that the texts or their usual reading give."""

    auto_accept_agencies: Annotated[frozenset[str], NoDecode] = frozenset()
    """Agencies where a sheet without any difference is accepted without a clerk."""
    one_person_agencies: Annotated[frozenset[str], NoDecode] = frozenset()
    """Agencies where the same clerk may submit and review."""
    core_batch: int = Field(default=200, ge=1, le=1000)

    @field_validator("auto_accept_agencies", "one_person_agencies", mode="before")
    @classmethod
    def _more_sets_from_comma_lists(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return frozenset(part.strip() for part in value.split(",") if part.strip())

    def needs_two_people(self, admdvs: str) -> bool:
        """Whether 经办 and 复核 must be different people in this agency."""
        return admdvs not in self.one_person_agencies
