"""Where N leaves a region no room, or binds it: what a region's values may never say (N10, N11, N12, N15)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.law import law
from shared.registry.policy.benefits import CONTINUOUS_MONTHS, LONGEST_WAIT_MONTHS, SHORT_GAP_MONTHS, FirstMonth
from shared.registry.policy.layers import Layer, Path

_NATIONAL_DAYS: Mapping[str, tuple[int, str]] = {"outbound_days": (10, "N8"), "inbound_days": (5, "N9")}
_BOUND_FROM_ABOVE = (*_NATIONAL_DAYS, "total_days")
_SHORT_GAPS: Mapping[str, str] = {"short_gap": "N11-1", "switch_short_gap": "N11-2"}


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that may not be so; ``path`` says where in the effective policy, ``article`` which text forbids it."""

    path: Path
    code: str
    reason: str
    article: str | None = None


def breaches(own: Layer, above: Layer) -> Iterator[Breach]:
    """What is not allowed in an effective policy ``own``; ``above`` is what it would inherit, empty for the nation."""
    yield from _slower_clocks(own, above)
    yield from _worse_short_gaps(own)
    yield from _narrower_terms(own)
    yield from _longer_waits(own, above)
    yield from _bound_to_a_pension(own)


@law("N10", "S54-9")
def _slower_clocks(own: Layer, above: Layer) -> Iterator[Breach]:
    """Regions may only be faster than the nation, and cities than their province."""
    for path, value in own.items():
        if path[0] != "deadlines" or path[-1] not in _BOUND_FROM_ABOVE:
            continue
        longest, articles = _longest(path, above)
        if longest is not None and value.value > longest:
            reason = f"时限为{value.value}个工作日，不得长于上级规定的{longest}个工作日"
            yield Breach(path, "slower-clock", reason, "、".join(dict.fromkeys(("N10", *articles))))


@law("N11-1", "N11-2")
def _worse_short_gaps(own: Layer) -> Iterator[Breach]:
    """Who has paid for up to 3 months: no waiting, from the month of payment on, what lay between is reimbursed."""
    for rule, article in _SHORT_GAPS.items():
        given = {
            "waiting_months": (0, "不设等待期"),
            "first_month": (FirstMonth.OF_PAYMENT, f"缴费当月享受待遇（{FirstMonth.OF_PAYMENT}）"),
            "is_gap_reimbursed": (True, "中断期间的待遇可追溯享受（true）"),
        }
        for name, (due, words) in given.items():
            path = ("benefits", rule, name)
            if _said(own, path, 0 if name == "waiting_months" else None) != due:
                yield Breach(path, "short-gap-worse", f"中断3个月以内并已补缴的，{words}", article)


@law("N11-1", "N11-2")
def _narrower_terms(own: Layer) -> Iterator[Breach]:
    """Up to 3 months are short, and 2 years without a break are enough."""
    short, continuous = ("benefits", "short_gap_months"), ("benefits", "continuous_months")
    if own[short].value < SHORT_GAP_MONTHS:
        yield Breach(short, "short-gap-narrower", f"中断缴费的界限不得少于{SHORT_GAP_MONTHS}个月", "N11")
    if own[continuous].value > CONTINUOUS_MONTHS:
        yield Breach(continuous, "continuity-longer", f"连续参保的要求不得多于{CONTINUOUS_MONTHS}个月", "N11-2")


@law("N11-1", "N11-2")
def _longer_waits(own: Layer, above: Layer) -> Iterator[Breach]:
    """A wait of over 6 months says why; who makes it longer still, says so itself: a reason from above is none."""
    for path, value in own.items():
        if path[-1] != "waiting_months" or value.value <= LONGEST_WAIT_MONTHS:
            continue
        inherited, stated = above.get(path), (*path[:-1], "beyond_principle")
        is_longer = inherited is None or value.value > inherited.value
        is_borrowed = is_longer and own.get(stated) == above.get(stated)
        if stated not in own or is_borrowed:
            reason = f"等待期{value.value}个月，原则上不超过6个月，须由本地区在 beyond_principle 写明理由"
            yield Breach(path, "wait-without-reason", reason, "N11")


@law("N12")
def _bound_to_a_pension(own: Layer) -> Iterator[Breach]:
    path = ("years", "needs_local_pension")
    if _said(own, path, False):
        reason = "退休人员医保待遇不得与在当地按月领取基本养老金绑定"
        yield Breach(path, "bound-to-pension", reason, "N12")


def _said(own: Layer, path: Path, default: Any) -> Any:
    value = own.get(path)
    return default if value is None else value.value


def _longest(path: Path, above: Layer) -> tuple[int | None, tuple[str, ...]]:
    inherited = above.get(path)
    if inherited is not None:
        of_other_stages = {article for name, (_, article) in _NATIONAL_DAYS.items() if name != path[-1]}
        return inherited.value, tuple(each for each in inherited.origin.articles if each not in of_other_stages)
    days, article = _NATIONAL_DAYS.get(path[-1], (None, ""))
    return days, (article,)
