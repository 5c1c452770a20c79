"""What of a policy only makes sense together: a rule of which a part is missing would be guessed."""

from collections.abc import Iterator, Mapping

from shared.registry.policy.layers import Layer, Path
from shared.registry.policy.limits import Breach

_RESIDENTS: Path = ("benefits", "residents")
_NEWBORNS: Path = (*_RESIDENTS, "newborns")
_INTERRUPTED: Path = ("benefits", "interrupted")
_LATE: Path = (*_RESIDENTS, "late", "first_month")
_FIRST, _LAST = (*_RESIDENTS, "window_first_month"), (*_RESIDENTS, "window_last_month")
_FROM_BIRTH, _LATE_MONTHS = (*_NEWBORNS, "from_birth_months"), (*_NEWBORNS, "late_months")
_NEWBORN_LATE = (*_NEWBORNS, "late", "first_month")
_SHORT, _LONG = (*_INTERRUPTED, "short_months"), (*_INTERRUPTED, "flexible_long", "first_month")

_NEEDED: Mapping[Path, tuple[Path, ...]] = {
    _LATE: (_FIRST, _LAST),
    _FIRST: (_LAST, _LATE),
    _LAST: (_FIRST, _LATE),
    _FROM_BIRTH: (_LATE,),
    _LATE_MONTHS: (_FROM_BIRTH, _NEWBORN_LATE),
    _NEWBORN_LATE: (_LATE_MONTHS,),
    _SHORT: (_LONG,),
    _LONG: (_SHORT,),
}


def incomplete_parts(own: Layer) -> Iterator[Breach]:
    """Of an effective policy ``own``: what is set without what it needs, and months that run backwards."""
    missing = {each: path for path, needed in _NEEDED.items() if path in own for each in needed if each not in own}
    for path, because in missing.items():
        yield Breach(path, "part-missing", f"缺少必填项：已写 {'.'.join(because)}")
    if _FROM_BIRTH in own and _LATE_MONTHS in own and own[_LATE_MONTHS].value <= own[_FROM_BIRTH].value:
        yield Breach(_LATE_MONTHS, "months-backwards", f"应大于 {own[_FROM_BIRTH].value}（from_birth_months）")
