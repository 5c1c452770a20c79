"""What the platform is told from outside, beside what all services are."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, NonNegativeInt, PositiveInt

from shared.calendar import WARN_SHARE
from shared.registry.models import CodeName
from shared.settings import ServiceSettings

CERT_TYPES = tuple(
    CodeName(code=code, name=name)
    for code, name in (
        ("01", "居民身份证（户口簿）"),
        ("02", "中国人民解放军军官证"),
        ("03", "中国人民武装警察警官证"),
        ("04", "香港特区护照/港澳居民来往内地通行证"),
        ("05", "澳门特区护照/港澳居民来往内地通行证"),
        ("06", "台湾居民来往大陆通行证"),
        ("07", "外国人永久居留证"),
        ("08", "外国人护照"),
        ("16", "中国护照"),
        ("17", "港澳台居民居住证"),
        ("99", "其他身份证件"),
    )
)
"""The certificate types as shipped; a setting, since the list is data."""

_Seconds = Annotated[float, Field(gt=0, le=3600)]


class GatewaySettings(ServiceSettings):
    """The platform's settings. Regional values are readings of the texts with the default that each has.

    ``checking_limit_hours``: after that a new application supersedes one that no side has answered.
    """

    root_key_file: Path | None = None
    cert_types: tuple[CodeName, ...] = CERT_TYPES
    deadline_warn_share: float = Field(default=WARN_SHARE, gt=0, le=1)
    checking_limit_hours: PositiveInt = 72

    side_timeout_seconds: _Seconds = 3.0
    side_seconds_per_check: Annotated[float, Field(ge=0, le=0.05)] = 0.02
    side_connections: PositiveInt = 20
    check_lease_seconds: Annotated[float, Field(ge=30, le=3600)] = 60.0
    check_backoff_seconds: _Seconds = 5.0
    check_backoff_limit_seconds: _Seconds = 900.0
    check_batch: Annotated[int, Field(ge=1, le=500)] = 500
    timer_seconds: _Seconds = 5.0
    timer_batch: PositiveInt = 1000
    statistics_seconds: _Seconds = 10.0
    statistics_batch: Annotated[int, Field(ge=1, le=10_000)] = 2000
    registry_seconds: Annotated[float, Field(ge=0, le=60)] = 1.0
    figures_grace_hours: Annotated[float, Field(ge=0, le=24 * 14)] = 48.0
    progress_attempts: PositiveInt = 10
    progress_window_seconds: NonNegativeInt = 60

    @property
    def figures_grace(self) -> timedelta:
        """How long something may be on its way between two services before it counts as lost."""
        return timedelta(hours=self.figures_grace_hours)

    @property
    def check_lease(self) -> timedelta:
        """How long cases that somebody is asking about are left alone by others."""
        return timedelta(seconds=self.check_lease_seconds)

    def check_backoff(self, attempts: int) -> timedelta:
        """How long to wait before a side is asked again, doubling with the number of ``attempts`` made."""
        seconds = self.check_backoff_seconds * 2.0 ** min(attempts, 20)
        return timedelta(seconds=min(seconds, self.check_backoff_limit_seconds))
