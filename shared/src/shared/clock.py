"""The only place that reads the time."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


def local_date(instant: datetime) -> date:
    """The calendar date of an aware ``instant`` in Asia/Shanghai, where all dates of the law are counted."""
    return instant.astimezone(SHANGHAI).date()
