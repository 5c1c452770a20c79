"""What a person has paid inbound, as the records have it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from inbound.domain.benefits.facts import BackPayment
from shared.clock import local_date
from shared.contracts.codes import Insutype
from shared.contracts.facts import Contribution
from shared.months import month_index


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """The first payment under the present registration: its day and the first month that it covers."""

    paid_on: date
    first_paid_ym: str
    insured_year: int


@dataclass(frozen=True, slots=True)
class Repaid:
    """How much of an interruption has been paid for, and on which day last."""

    back_payment: BackPayment
    back_paid_on: date | None = None


def paid(contributions: Iterable[Contribution], insutype: str, paid_clct_flags: Collection[str]) -> list[Contribution]:
    """What counts as paid in a scheme; reversed payments (``revs_flag``) do not."""
    return [
        each
        for each in contributions
        if each.insutype == insutype and each.clct_flag in paid_clct_flags and not each.revs_flag
    ]


def first_payment(
    payments: Sequence[Contribution], insutype: str, registered_ym: str, last_paid_ym: str | None
) -> FirstPayment | None:
    """The earliest payment since the registration; months paid for before it are back-payments.

    A resident pays for whole years: what is paid for begins no earlier than the month of payment.
    """
    since = [each for each in payments if each.accrym_end >= registered_ym]
    later = [each for each in since if last_paid_ym is None or each.accrym_end > last_paid_ym] or since
    if not later:
        return None
    first = min(later, key=lambda each: (each.accrym_begn, each.cashym))
    if insutype == Insutype.RESIDENT:
        first = min(later, key=lambda each: (each.cashym, each.accrym_begn))
        begins = max(first.accrym_begn, first.cashym)
    else:
        begins = max(first.accrym_begn, registered_ym)
    return FirstPayment(_paid_on(first, begins), begins, int(first.accrym_end[:4]))


def _paid_on(payment: Contribution, begins: str) -> date:
    """The day of payment; of a stretch of employees' months, its first month, for they are paid one by one."""
    is_one_payment = payment.insutype == Insutype.RESIDENT or payment.accrym_begn == payment.accrym_end
    return _day_of(payment) if is_one_payment else _first_day(begins)


def repaid(payments: Iterable[Contribution], gap: Collection[int]) -> Repaid:
    """What of the months of ``gap`` (``month_index``) has been paid for."""
    missing, last = set(gap), None
    for each in payments:
        covered = missing & set(range(month_index(each.accrym_begn), month_index(each.accrym_end) + 1))
        if covered:
            missing -= covered
            last = max(last or date.min, _day_of(each))
    if last is None:
        return Repaid(BackPayment.NONE)
    return Repaid(BackPayment.PARTIAL if missing else BackPayment.FULL, last)


def continuous_months(covered: Collection[int], last_paid_ym: str, first_paid_ym: str | None) -> int:
    """Months without a break up to the last one before the new scheme's first (N11: 已连续参加)."""
    end = month_index(last_paid_ym)
    if first_paid_ym is not None:
        end = min(end, month_index(first_paid_ym) - 1)
    begin = end
    while begin in covered:
        begin -= 1
    return end - begin


def gap_of(last_paid_ym: str | None, first_paid_ym: str | None) -> range:
    """The months of an interruption, as ``month_index`` counts them."""
    if last_paid_ym is None or first_paid_ym is None:
        return range(0)
    return range(month_index(last_paid_ym) + 1, month_index(first_paid_ym))


def _day_of(payment: Contribution) -> date:
    return local_date(payment.clct_time) if payment.clct_time else _first_day(payment.cashym)


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[4:]), 1)
