"""The clocks of a case as they run, in working days of Asia/Shanghai (N8, N9; domain §4)."""

from dataclasses import dataclass
from datetime import date

from shared.calendar import WorkingDays
from shared.time_limits import TimeLimit


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock: started on a day that does not count, its due date and how that was computed.

    ``warn_on`` is the day on which 80 % of the working days have passed.
    """

    limit: TimeLimit
    started_on: date
    due_on: date
    warn_on: date
    is_provisional: bool
    skipped: tuple[date, ...]


def start(limit: TimeLimit, started_on: date, calendar: WorkingDays, warn_share: float) -> Deadline:
    """The clock of a limit from a day on, which itself does not count."""
    due = calendar.due(started_on, limit.days)
    skipped = tuple(day.on for day in due.skipped)
    return Deadline(limit, started_on, due.on, due.reached(warn_share), due.is_provisional, skipped)
