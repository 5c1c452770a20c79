"""What the imported contributions come to (pure); kept beside the record so that a check reads no detail."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.facts import Contribution
from shared.contracts.model import Message
from shared.months import month_at, month_index

Run = tuple[str, str]
"""A stretch of months without a break (``YYYYMM``, both counted)."""


class PaidSummary(Message):
    """For one scheme and ``clct_flag``: the last month covered (``YYYYMM``), how many distinct months, and which.

    ``runs`` is empty in summaries that were made before it was kept.
    """

    insutype: str
    clct_flag: str
    last_ym: str
    months: int
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    months: set[int]
    last_ym: str


def summarise(contributions: Iterable[Contribution]) -> list[PaidSummary]:
    """One line per scheme and flag; reversed contributions (``revs_flag``) do not count (a month paid twice does once).

    Flags stay apart because which of them mean "paid" is a setting that may change after the import.
    """
    groups: dict[tuple[str, str], _Group] = {}
    for each in contributions:
        if each.revs_flag or each.accrym_end < each.accrym_begn:
            continue
        key = (each.insutype, each.clct_flag)
        group = groups.get(key, _Group(set(), each.accrym_end))
        group.months.update(range(month_index(each.accrym_begn), month_index(each.accrym_end) + 1))
        groups[key] = _Group(group.months, max(group.last_ym, each.accrym_end))
    return [
        PaidSummary(
            insutype=insutype,
            clct_flag=flag,
            last_ym=group.last_ym,
            months=len(group.months),
            runs=_runs(group.months),
        )
        for (insutype, flag), group in sorted(groups.items())
    ]


def last_paid(summaries: Sequence[PaidSummary], paid_flags: Collection[str]) -> Mapping[str, str]:
    """The last paid month by scheme, counting only flags that mean paid."""
    found: dict[str, str] = {}
    for each in summaries:
        if each.clct_flag in paid_flags:
            found[each.insutype] = max(found.get(each.insutype, ""), each.last_ym)
    return found


def paid_runs(summaries: Sequence[PaidSummary], paid_flags: Collection[str]) -> Mapping[str, tuple[Run, ...]]:
    """The paid months by scheme as runs, oldest first, counting only flags that mean paid."""
    months: dict[str, set[int]] = {}
    for each in summaries:
        if each.clct_flag in paid_flags:
            held = months.setdefault(each.insutype, set())
            for begn, end in each.runs:
                held.update(range(month_index(begn), month_index(end) + 1))
    return {insutype: _runs(each) for insutype, each in months.items()}


def _runs(months: Collection[int]) -> tuple[Run, ...]:
    found: list[list[int]] = []
    for month in sorted(months):
        if found and month == found[-1][1] + 1:
            found[-1][1] = month
        else:
            found.append([month, month])
    return tuple((month_at(begn), month_at(end)) for begn, end in found)
