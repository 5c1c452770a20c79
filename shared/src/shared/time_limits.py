"""How many working days each clock of a transfer has (N8, N9, N10, S54-9; domain §4).

The platform and, for cases on paper, both agencies start clocks by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.contracts.codes import Insutype
from shared.law import design, law
from shared.registry.policy.deadlines import StageDays
from shared.registry.policy.effective import EffectivePolicy, PolicyNotInForce
from shared.registry.policy.readings import ReadingChoice
from shared.registry.policy.section import NATION
from shared.registry.registry import Registry

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
class Transfer:
    """From where to where, and in which schemes."""

    trafout_admdvs: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str


def policies_on(registry: Registry, transfer: Transfer, on: date) -> CasePolicies:
    """The policies in force for the sides of a transfer on a day; raises ``PolicyMissing`` or ``PolicyNotInForce``."""
    provinces = [registry.province_of(admdvs) for admdvs in (transfer.trafout_admdvs, transfer.trafin_admdvs)]
    return CasePolicies(
        registry.policy(transfer.trafout_admdvs, on),
        registry.policy(transfer.trafin_admdvs, on),
        registry.policy(NATION, on),
        is_within_province=provinces[0] == provinces[1],
        are_both_employees=transfer.trafout_insutype == transfer.trafin_insutype == Insutype.EMPLOYEE,
    )


@design("days of a case that is older than every policy")
def policies_of_paper(registry: Registry, transfer: Transfer, accepted_on: date, today: date) -> CasePolicies:
    """Those of the day of acceptance; of ``today`` for an old case that was open before any policy was in force."""
    try:
        return policies_on(registry, transfer, accepted_on)
    except PolicyNotInForce:
        return policies_on(registry, transfer, today)


def required_limit(kind: ClockKind, policies: CasePolicies) -> TimeLimit:
    """The limit of a stage, which every policy sets; a file without it is not loaded."""
    limit = time_limit(kind, policies)
    if limit is None:
        raise ValueError(f"the policy has no term for the {kind}")
    return limit


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
