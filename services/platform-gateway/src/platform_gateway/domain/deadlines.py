"""The clocks of a case, in working days of Asia/Shanghai (N8, N9, N10, S54-9; domain §4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.calendar import WorkingDays


class ClockKind(StrEnum):
    """Which clock: a stage of one side, the whole from acceptance, or the payment of an accepted sheet."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    TOTAL = "total"
    PAYMENT = "payment"


class Reach(StrEnum):
    """How far a transfer goes, seen from a province."""

    WITHIN = "within"
    ACROSS = "across"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Working days from ``valid_from`` on; ``province`` and ``reach`` are ``None`` for the nation's own.

    ``total_days`` is ``None`` where no text sets one. ``payment_days`` run from the acceptance of a sheet that
    transfers money, ``None`` not to watch it: N8 names no term for it (a reading).
    """

    source: str
    valid_from: date
    outbound_days: int
    inbound_days: int
    total_days: int | None = None
    payment_days: int | None = None
    province: str | None = None
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock: started on a day that does not count, its due date and how that was computed.

    ``warn_on`` is the day on which 80 % of the working days have passed.
    """

    kind: ClockKind
    started_on: date
    days: int
    due_on: date
    warn_on: date
    is_provisional: bool
    skipped: tuple[date, ...]
    source: str


def limit_for(limits: Sequence[TimeLimit], trafout_province: str, trafin_province: str, accepted_on: date) -> TimeLimit:
    """The limit in force on ``accepted_on``: a province's where it takes part, else the nation's.

    Where two provinces set limits the shorter total governs, for each may only be faster (N10). Raises
    ``ValueError`` where no limit is in force, which the settings' own check rules out.
    """
    reach = Reach.WITHIN if trafout_province == trafin_province else Reach.ACROSS
    in_force = [limit for limit in limits if limit.valid_from <= accepted_on]
    provincial = [
        limit
        for limit in in_force
        if limit.province in (trafout_province, trafin_province) and limit.reach in (None, reach)
    ]
    candidates = _latest_of_each(provincial or [limit for limit in in_force if limit.province is None])
    if not candidates:
        raise ValueError(f"no time limit is in force on {accepted_on}")
    return min(candidates, key=lambda limit: (limit.total_days or math.inf, limit.outbound_days))


def start(
    kind: ClockKind, limit: TimeLimit, started_on: date, calendar: WorkingDays, warn_share: float
) -> Deadline | None:
    """The clock of ``kind``, or ``None`` where the limit sets no such term."""
    days = {
        ClockKind.OUTBOUND: limit.outbound_days,
        ClockKind.INBOUND: limit.inbound_days,
        ClockKind.TOTAL: limit.total_days,
        ClockKind.PAYMENT: limit.payment_days,
    }[kind]
    if days is None:
        return None
    due = calendar.due(started_on, days)
    warn_after = max(1, math.ceil(days * warn_share))
    return Deadline(
        kind,
        started_on,
        days,
        due.on,
        due.counted[warn_after - 1],
        due.is_provisional,
        tuple(day.on for day in due.skipped),
        limit.source,
    )


def _latest_of_each(limits: Sequence[TimeLimit]) -> list[TimeLimit]:
    latest: dict[str | None, TimeLimit] = {}
    for limit in sorted(limits, key=lambda each: each.valid_from):
        latest[limit.province] = limit
    return list(latest.values())
