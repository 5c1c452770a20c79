"""The clocks of a case as they run, in working days of Asia/Shanghai (N8, N9; domain §4)."""

from dataclasses import dataclass, replace
from datetime import date

from shared.calendar import WorkingDays
from shared.law import design, law
from shared.time_limits import CasePolicies, TimeLimit

RETURNED_SHEET = "returned-sheet-clock"
_RUNS_ON = "clock-runs-on"


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


@law("N8", "N9-1")
@design("clocks of a returned sheet")
def starts_anew(policies: CasePolicies) -> bool:
    """Whether a return stops the inbound's clock and starts one of the outbound's: the inbound region's reading."""
    return policies.inbound.reading(RETURNED_SHEET).value != _RUNS_ON


def of_returned_sheet(limit: TimeLimit, policies: CasePolicies) -> TimeLimit:
    """The limit of a clock that a return started, or the sheet after one: with the reading that this follows."""
    return replace(limit, readings=(*limit.readings, policies.inbound.reading(RETURNED_SHEET)))


def start(limit: TimeLimit, started_on: date, calendar: WorkingDays, warn_share: float) -> Deadline:
    """The clock of a limit from a day on, which itself does not count."""
    due = calendar.due(started_on, limit.days)
    skipped = tuple(day.on for day in due.skipped)
    return Deadline(limit, started_on, due.on, due.reached(warn_share), due.is_provisional, skipped)
