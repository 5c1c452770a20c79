"""When a service reports its figures, and how much of them."""

from pydantic import Field

from shared.figures.rotation import FIRST_CHARACTERS
from shared.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """Settings of every service that reports to the platform."""

    figures_hour: int = Field(default=1, ge=0, le=24)
    """The day's report begins at this hour (Asia/Shanghai); 24: this deployment makes none."""
    figures_rotation_days: int = Field(default=len(FIRST_CHARACTERS), ge=1, le=len(FIRST_CHARACTERS))
    """In so many days every case is reported, whether or not anything happened to it."""
