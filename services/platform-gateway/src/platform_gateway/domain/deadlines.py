"""The clocks of a case, in working days of Asia/Shanghai (N8, N9, N10, S54-9; domain §4)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.calendar import WorkingDays
from shared.law import design, law
from shared.registry.policy.deadlines import StageDays
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.readings import ReadingChoice

PAYMENT_TERM, TOTAL_SCOPE, RETURNED_SHEET = "payment-term", "province-total-scope", "returned-sheet-clock"
_NOT_WATCHED, _EMPLOYEES_ONLY, _RUNS_ON = "not-watched", "employees-only", "clock-runs-on"


class ClockKind(StrEnum):
    """Which clock: a stage of one side, the whole from acceptance, or the payment of an accepted sheet."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    TOTAL = "total"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class CasePolicies:
    """What a case was accepted under: the policies of its sides and of the nation, and what kind of transfer it is."""

    outbound: EffectivePolicy
    inbound: EffectivePolicy
    nation: EffectivePolicy
    is_within_province: bool
    are_both_employees: bool


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Working days of one clock, the articles that set them, and the readings by which they hold."""

    kind: ClockKind
    days: int
    source: str
    readings: tuple[ReadingChoice, ...] = ()


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


@law("N8", "N9-1", "N10", "S54-9")
def time_limit(kind: ClockKind, policies: CasePolicies) -> TimeLimit | None:
    """The limit of a clock, ``None`` where no text sets one. Each stage has its own side's days.

    Where both sides' regions set a total the shorter one governs, for each may only be faster (N10).
    """
    sides = {
        ClockKind.OUTBOUND: (policies.outbound,),
        ClockKind.INBOUND: (policies.inbound,),
        ClockKind.TOTAL: (policies.outbound, policies.inbound),
        ClockKind.PAYMENT: (policies.outbound,),
    }[kind]
    limits = [limit for policy in sides if (limit := _limit(kind, policy, policies)) is not None]
    return min(limits, key=lambda limit: limit.days, default=None)


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


def _limit(kind: ClockKind, policy: EffectivePolicy, policies: CasePolicies) -> TimeLimit | None:
    readings = list(_scope(kind, policy, policies))
    if any(reading.value == _EMPLOYEES_ONLY for reading in readings):
        policy = policies.nation
    if kind is ClockKind.PAYMENT:
        term = policy.reading(PAYMENT_TERM)
        if term.value == _NOT_WATCHED:
            return None
        readings.append(term)
    days = _days(kind, policy, policies)
    if days is None:
        return None
    articles = _of_clock(kind, policy.origins[f"deadlines.{_reach(policies)}.{kind}_days"].articles)
    return TimeLimit(kind, days, ", ".join(articles), tuple(readings))


@law("N8", "N9-1")
def _of_clock(kind: ClockKind, articles: tuple[str, ...]) -> tuple[str, ...]:
    """What a file cites for all days together, without the article of the other side's: N8 is of 转出, N9 of 转入."""
    other = "N8" if kind is ClockKind.INBOUND else "N9"
    return tuple(article for article in articles if article != other) or articles


def _scope(kind: ClockKind, policy: EffectivePolicy, policies: CasePolicies) -> Iterator[ReadingChoice]:
    """Whether a region's own limits hold for others than employees, where that makes a difference."""
    if not policies.are_both_employees and _days(kind, policy, policies) != _days(kind, policies.nation, policies):
        yield policy.reading(TOTAL_SCOPE)


def _days(kind: ClockKind, policy: EffectivePolicy, policies: CasePolicies) -> int | None:
    limits = policy.sections.deadlines
    stage: StageDays = limits.within_province if policies.is_within_province else limits.across_provinces
    return {
        ClockKind.OUTBOUND: stage.outbound_days,
        ClockKind.INBOUND: stage.inbound_days,
        ClockKind.TOTAL: stage.total_days,
        ClockKind.PAYMENT: stage.payment_days,
    }[kind]


def _reach(policies: CasePolicies) -> str:
    return "within_province" if policies.is_within_province else "across_provinces"
