"""How a clock was counted, and what its days would be in a trial."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field

from platform_gateway.domain.deadlines import Deadline
from platform_gateway.schemas.applications import ShownReading
from shared.calendar import DayOff, why_off
from shared.contracts.codes import AreaCode, Insutype
from shared.contracts.model import Document
from shared.time_limits import ClockKind

_WHY = {DayOff.WEEKEND: "周末", DayOff.STATUTORY: "法定节日", DayOff.EXCHANGED: "调休放假"}

Day = Annotated[date, Field(ge=date(2004, 1, 1), le=date(2090, 12, 31))]


class ShownSkippedDay(BaseModel):
    """A day that did not count, and why."""

    on: date
    why: DayOff
    why_name: str


class ShownComputation(BaseModel):
    """``days`` working days after ``started_on``, which does not count itself: those ``counted``, without ``skipped``.

    ``source`` cites the articles; ``needs_local_decision`` says that a reading which the region has not set decides.
    """

    kind: ClockKind
    started_on: date
    days: int
    due_on: date
    warn_on: date
    is_provisional: bool
    counted: list[date]
    skipped: list[ShownSkippedDay]
    source: str
    readings: list[ShownReading]
    needs_local_decision: bool

    @classmethod
    def of(cls, clock: Deadline) -> "ShownComputation":
        """A clock as it is counted."""
        readings = [
            ShownReading(name=reading.name, value=reading.value, is_set=reading.is_set)
            for reading in clock.limit.readings
        ]
        return cls(
            kind=clock.limit.kind,
            started_on=clock.started_on,
            days=clock.limit.days,
            due_on=clock.due_on,
            warn_on=clock.warn_on,
            is_provisional=clock.is_provisional,
            source=clock.limit.source,
            readings=readings,
            **days_of(clock.started_on, clock.due_on, clock.skipped, readings),
        )


def days_of(
    started_on: date, due_on: date, skipped: Iterable[date], readings: Iterable[ShownReading]
) -> dict[str, Any]:
    """What follows from a clock's dates: the days counted and skipped, and whether a reading is still to be set."""
    off = set(skipped)
    days = (started_on + timedelta(days=number) for number in range(1, (due_on - started_on).days + 1))
    return {
        "counted": [day for day in days if day not in off],
        "skipped": [ShownSkippedDay(on=day, why=(why := why_off(day)), why_name=_WHY[why]) for day in sorted(off)],
        "needs_local_decision": any(not reading.is_set for reading in readings),
    }


class DeadlinesTrial(Document):
    """``accepted_on`` left out: today. ``sheet_received_on`` left out: the outbound's last day.

    ``policy`` is a region's policy file as JSON, tried in place of the one in force.
    """

    trafout_admdvs: AreaCode
    trafin_admdvs: AreaCode
    trafout_insutype: Insutype
    trafin_insutype: Insutype
    accepted_on: Day | None = None
    sheet_received_on: Day | None = None
    policy: dict[str, Any] | None = None


class DeadlinesTried(BaseModel):
    """The clocks that such a transfer would have, and the policies that they follow."""

    accepted_on: date
    clocks: list[ShownComputation]
    policy_version: str
