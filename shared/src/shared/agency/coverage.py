"""Which months a relation really covered: those paid, within its life (pure; N5)."""

from collections.abc import Iterator, Sequence
from datetime import date

from shared.agency.summary import Run
from shared.contracts.codes import Insutype, PsnInsuStas
from shared.contracts.facts import CoveredPeriod, Relation
from shared.law import design, law
from shared.months import month_of

_MAX_PERIODS = 24
"""The latest ones; older breaks say nothing about two areas for the same time."""


@law("N5")
@design("paid months count from the registration to the suspension")
def covered_periods(relation: Relation, paid: Sequence[Run]) -> tuple[CoveredPeriod, ...]:
    """The months of ``paid`` that lie in the relation's life, oldest first.

    A year paid ahead ends with the suspension, and one paid for later begins with the registration: otherwise who
    changes schemes in the middle of a residents' year would seem to be insured twice.
    """
    if relation.psn_insu_stas in (PsnInsuStas.NOT_ENROLLED, PsnInsuStas.INVALID):
        return ()
    first, last = month_of(relation.crt_insu_date), _last_month(relation)
    return tuple(_within(relation.insutype, paid, first, last))[-_MAX_PERIODS:]


def _within(insutype: str, paid: Sequence[Run], first: str, last: str | None) -> Iterator[CoveredPeriod]:
    for begn, end in paid:
        begn, end = max(begn, first), end if last is None else min(end, last)
        if begn <= end:
            yield CoveredPeriod(insutype=insutype, begn=begn, end=end)


@law("N5-2")
@design("a residents' year is named after the calendar year in which it ends")
def last_insured_year(relation: Relation | None, paid: Sequence[Run], last_paid_ym: str | None) -> int | None:
    """The last residents' year that the relation covered; ``None`` where neither payments nor dates tell."""
    if relation is None:
        return None
    covered = covered_periods(relation, paid)
    if covered:
        return int(covered[-1].end[:4])
    if paid:
        # Paid, but for no month of this relation's life: what was paid for a year that never began covers nothing.
        return None if relation.cover_ends_on is None else relation.cover_ends_on.year
    end = _end(relation)
    months = [month for month in (last_paid_ym, None if end is None else month_of(end)) if month is not None]
    return int(min(months)[:4]) if months else None


def is_end_known(relation: Relation) -> bool:
    """Whether the records say until when the relation's payments counted; employees' months say so themselves."""
    is_over = relation.psn_insu_stas is not PsnInsuStas.ACTIVE
    return relation.insutype == Insutype.EMPLOYEE or not is_over or _end(relation) is not None


def _last_month(relation: Relation) -> str | None:
    end = _end(relation)
    return None if end is None else month_of(end)


def _end(relation: Relation) -> date | None:
    """The last day that counted: of the suspension or of the year's cover, whichever came first."""
    is_over = relation.psn_insu_stas is not PsnInsuStas.ACTIVE
    paused = relation.paus_insu_date if is_over else None
    ended = relation.cover_ends_on if relation.insutype == Insutype.RESIDENT else None
    return min((day for day in (paused, ended) if day is not None), default=None)
