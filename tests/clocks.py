"""Clocks that tests set by hand."""

from datetime import UTC, datetime, timedelta

SOME_MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in Shanghai; nothing in the tests depends on today."""


class FixedClock:
    """Stands still."""

    def __init__(self, now: datetime = SOME_MORNING) -> None:
        self._now = now

    def now(self) -> datetime:
        """Always the same instant."""
        return self._now


class AdvancingClock:
    """Stands still until it is advanced."""

    def __init__(self, now: datetime = SOME_MORNING) -> None:
        self._now = now

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._now

    def advance(self, **timedelta_arguments: float) -> None:
        """Move on by ``timedelta(**timedelta_arguments)``."""
        self._now += timedelta(**timedelta_arguments)
