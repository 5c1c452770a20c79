"""An agency's own copy of its due dates: counted by the platform, counted anew here when a year is published.

Both count the same days on the same calendar, which travels in the signed registry, so that no message is needed.
"""

from dataclasses import dataclass
from datetime import date

from shared.calendar import WARN_SHARE, WorkingDays
from shared.law import design, law


@dataclass(frozen=True, slots=True)
class StageClock:
    """A case's clocks: of the stage that is this side's turn (``None``: not begun), and the total from acceptance."""

    rlts_traf_id: str
    started_on: date | None
    days: int | None
    accepted_on: date
    total_days: int | None


@dataclass(frozen=True, slots=True)
class CountedDates:
    """What a case's clocks come to; ``None`` where there is no such clock."""

    rlts_traf_id: str
    due_on: date | None
    warn_on: date | None
    total_due_on: date | None
    is_due_provisional: bool


@law("N8", "N9-1")
@design("due dates of years not published")
def count_dates(clock: StageClock, calendar: WorkingDays) -> CountedDates:
    """The dates of a case's clocks on ``calendar``; the day of the warning is that on which 80 % have passed."""
    stage = None if clock.started_on is None or clock.days is None else calendar.due(clock.started_on, clock.days)
    total = None if clock.total_days is None else calendar.due(clock.accepted_on, clock.total_days)
    return CountedDates(
        clock.rlts_traf_id,
        None if stage is None else stage.on,
        None if stage is None else stage.reached(WARN_SHARE),
        None if total is None else total.on,
        any(due.is_provisional for due in (stage, total) if due is not None),
    )
