"""What a benefits decision rests on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.codes import Insutype
from shared.months import month_index, month_of


class BackPayment(StrEnum):
    """Whether the interruption has been paid for."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitFacts:
    """Facts of one person; days in Asia/Shanghai, months ``YYYYMM``, ``None`` where not known.

    ``trafout_insutype`` is ``None`` for who was not insured before; ``is_transfer`` is false for who takes up
    payment again in the same area and scheme. ``last_paid_ym`` is the last paid month outbound (of a resident: the
    last month covered), ``paus_insu_ym`` the month of 减员. ``paid_on`` is the day of the first payment inbound,
    made or assumed, ``first_paid_ym`` the first month that it covers, by default the month of ``paid_on``, or the
    January of a later ``insured_year``.
    ``continuous_months``: insured in either scheme without a break up to ``last_paid_ym``. ``completed_on``: when
    the transfer completed, or is assumed to. ``as_of``: the day on which the decision is made.
    For 390: ``insured_year`` is the year paid for, ``registered_on`` and ``brdy`` are a newborn's.
    """

    trafin_insutype: str
    trafout_insutype: str | None
    is_transfer: bool
    is_within_province: bool
    as_of: date
    paid_on: date | None = None
    first_paid_ym: str | None = None
    last_paid_ym: str | None = None
    paus_insu_ym: str | None = None
    completed_on: date | None = None
    back_payment: BackPayment = BackPayment.NONE
    back_paid_on: date | None = None
    continuous_months: int | None = None
    is_flexible: bool = False
    was_employee_before: bool | None = None
    insured_year: int | None = None
    brdy: date | None = None
    registered_on: date | None = None
    is_low_income: bool = False
    cover_ends_on: date | None = None

    @property
    def is_switch(self) -> bool:
        """A change between 310 and 390."""
        return self.trafout_insutype is not None and self.trafout_insutype != self.trafin_insutype

    @property
    def first_covered_ym(self) -> str | None:
        """The first month paid for inbound; of a resident it hangs on the year that is paid for."""
        if self.first_paid_ym is not None or self.paid_on is None:
            return self.first_paid_ym
        paid_ym = month_of(self.paid_on)
        if self.trafin_insutype != Insutype.RESIDENT:
            return paid_ym
        return None if self.insured_year is None else max(paid_ym, f"{self.insured_year}01")

    @property
    def gap_months(self) -> int | None:
        """Whole months without payment between the last outbound and the first inbound one (N11 中断缴费)."""
        first = self.first_covered_ym
        if first is None or self.last_paid_ym is None:
            return None
        return max(month_index(first) - month_index(self.last_paid_ym) - 1, 0)

    @property
    def months_from_suspension(self) -> int | None:
        """S54-3's own count: the month of 减员 is the first, the month of the first inbound payment the last."""
        first = self.first_covered_ym
        if first is None or self.paus_insu_ym is None:
            return None
        return month_index(first) - month_index(self.paus_insu_ym) + 1
