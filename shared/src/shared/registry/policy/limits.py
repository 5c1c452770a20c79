"""Where N leaves a region no room, or binds it: what a region's values may never say (N10, N15)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.law import law
from shared.registry.policy.benefits import LONGEST_WAIT_MONTHS
from shared.registry.policy.layers import Layer, Path

_NATIONAL_DAYS: Mapping[str, tuple[int, str]] = {"outbound_days": (10, "N8"), "inbound_days": (5, "N9")}
_BOUND_FROM_ABOVE = (*_NATIONAL_DAYS, "total_days")


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that an article does not allow; ``path`` says where in the effective policy."""

    path: Path
    code: str
    reason: str
    article: str


def breaches(own: Layer, above: Layer) -> Iterator[Breach]:
    """What is not allowed in an effective policy ``own``; ``above`` is what it would inherit, empty for the nation."""
    yield from _slower_clocks(own, above)
    yield from _longer_waits(own, above)


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


@law("N11")
def _longer_waits(own: Layer, above: Layer) -> Iterator[Breach]:
    """Who makes a wait of over 6 months longer still says why: the reason of a region above is none for it."""
    for path, value in own.items():
        if path[-1] != "waiting_months" or value.value <= LONGEST_WAIT_MONTHS:
            continue
        inherited, stated = above.get(path), (*path[:-1], "beyond_principle")
        is_longer = inherited is None or value.value > inherited.value
        if is_longer and above.get(stated) is not None and own.get(stated) == above.get(stated):
            reason = f"等待期{value.value}个月长于6个月，须由本地区在 beyond_principle 写明理由"
            yield Breach(path, "wait-without-reason", reason, "N11")


def _longest(path: Path, above: Layer) -> tuple[int | None, tuple[str, ...]]:
    inherited = above.get(path)
    if inherited is not None:
        return inherited.value, inherited.origin.articles
    days, article = _NATIONAL_DAYS.get(path[-1], (None, ""))
    return days, (article,)
