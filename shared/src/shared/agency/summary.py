"""What the imported contributions come to (pure); kept beside the record so that a check reads no detail."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.facts import Contribution
from shared.contracts.model import Message
from shared.months import month_index


class PaidSummary(Message):
    """For one scheme and ``clct_flag``: the last month covered (``YYYYMM``) and how many distinct months."""

    insutype: str
    clct_flag: str
    last_ym: str
    months: int


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
        PaidSummary(insutype=insutype, clct_flag=flag, last_ym=group.last_ym, months=len(group.months))
        for (insutype, flag), group in sorted(groups.items())
    ]


def last_paid(summaries: Sequence[PaidSummary], paid_flags: Collection[str]) -> Mapping[str, str]:
    """The last paid month by scheme, counting only flags that mean paid."""
    found: dict[str, str] = {}
    for each in summaries:
        if each.clct_flag in paid_flags:
            found[each.insutype] = max(found.get(each.insutype, ""), each.last_ym)
    return found
