"""What the outbound service is told from outside, beyond what every agency service is."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from shared.agency.settings import AgencySettings
from shared.eligibility.outbound import TRANSFER_WORDS
from shared.sheet_rules import DraftRules

Codes = Annotated[frozenset[str], NoDecode]


class OutboundSettings(AgencySettings):
    """Settings of an outbound deployment. Sets of agencies are comma lists (``AUTO_SEAL_AGENCIES=370100``)."""

    one_person_agencies: Codes = frozenset()
    """Agencies where one clerk may both submit and review; everywhere else it takes two people."""
    auto_seal_agencies: Codes = frozenset()
    """Agencies where the system submits and approves by itself when the draft has no finding."""
    transfer_words: Annotated[tuple[str, ...], NoDecode] = TRANSFER_WORDS
    """A reason for status 4 that contains one of these says that the relation was transferred."""
    sheet_tel: str = Field(default="", max_length=30)
    """联系电话 on the sheet where the registry knows no window of the agency with one."""
    core_batch: int = Field(default=200, ge=1, le=1000)
    seal_batch: int = Field(default=200, ge=1, le=500)
    seal_retry_seconds: int = Field(default=60, ge=1, le=3600)

    @field_validator("one_person_agencies", "auto_seal_agencies", mode="before")
    @classmethod
    def _codes_from_comma_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return frozenset(part.strip() for part in value.split(",") if part.strip())

    @field_validator("transfer_words", mode="before")
    @classmethod
    def _words_from_comma_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @property
    def draft_rules(self) -> DraftRules:
        """Which contribution records count."""
        return DraftRules(paid_flags=self.paid_clct_flags)
