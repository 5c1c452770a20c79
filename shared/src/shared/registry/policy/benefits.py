"""What a region sets about the first day of benefits (N11, S54-1 to S54-5, J1 to J4)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.law import law
from shared.registry.policy.section import Section

LONGEST_WAIT_MONTHS = 6
"""N11: 原则上待遇享受等待期不超过6个月."""
SHORT_GAP_MONTHS = 3
"""N11: 中断缴费3个月（含）以内."""
CONTINUOUS_MONTHS = 24
"""N11: 连续2年（含2年）以上参加基本医疗保险."""

Month = Annotated[int, Field(ge=1, le=12)]
Months = Annotated[int, Field(ge=1, le=60)]


class FirstMonth(StrEnum):
    """The month that benefits, or the months waited for, are counted from."""

    OF_PAYMENT = "month_of_payment"
    AFTER_PAYMENT = "month_after_payment"


class RuleReach(StrEnum):
    """Whom a province's rule for long interruptions covers; ``unclear`` where the text admits both."""

    WITHIN_PROVINCE = "within_province"
    ANY_PROVINCE = "any_province"
    UNCLEAR = "unclear"


@law("N11-1", "N11-2")
class StartRule(Section):
    """When benefits begin after a payment: ``waiting_months`` are counted from ``first_month`` on, it included.

    ``is_gap_reimbursed``: what happened in the interruption is paid for afterwards. ``beyond_principle`` is the
    stated reason of a wait longer than N11's 6 months.
    """

    first_month: FirstMonth
    waiting_months: Annotated[int, Field(ge=0, le=24)] = 0
    is_gap_reimbursed: bool = False
    beyond_principle: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)] | None = (
        None
    )


@law("S54-5")
class Newborns(Section):
    """Registered and paid within ``from_birth_months`` of birth: benefits run from birth. Until ``late_months`` by
    ``late``; after that as for everybody.
    """

    from_birth_months: Months | None = None
    late_months: Months | None = None
    late: StartRule | None = None


@law("S54-4", "J3")
class Residents(Section):
    """Who pays for the residents' scheme, 390. Where ``late`` is unset, the region has set nothing.

    The window for a year is ``window_first_month`` to ``window_last_month`` of the year before; a last month that
    is smaller than the first lies in the year itself. ``late`` holds for whoever pays otherwise.
    """

    window_first_month: Month | None = None
    window_last_month: Month | None = None
    late: StartRule | None = None
    are_low_income_exempt: bool | None = None
    newborns: Newborns = Newborns()


@law("S54-2", "J1")
class Interrupted(Section):
    """Who did not pay in 310 and pays again in the same area. ``short_months``: so long an interruption is short."""

    unit: StartRule | None = None
    short_months: Months | None = None
    flexible_short: StartRule | None = None
    flexible_long: StartRule | None = None


@law("N11-1", "N11-2", "S54-1", "S54-3", "J2")
class Benefits(Section):
    """The first day of benefits after a transfer; what is unset, a local decision has to say.

    ``short_gap`` holds for interruptions of up to ``short_gap_months`` that were paid for afterwards,
    ``switch_short_gap`` for a change of scheme after ``continuous_months`` without a break (N11 leaves no room for
    less).
    ``long_gap_...`` hold for 310→310 otherwise, ``switch_into_...`` for a change of scheme, ``first_enrolment`` for
    the first time in 310 (``..._flexible`` where a region has its own word on flexible workers).
    ``counts_gap_from_suspension``: the region itself counts from the month of 减员 (S54-3).
    ``back_payment_months``: one may pay for the interruption until the end of so many months after the month of
    completion. ``pays_until_last_paid_month_...``: as outbound, the region pays to the end of the last paid month.
    """

    short_gap_months: Months
    continuous_months: Months
    short_gap: StartRule
    switch_short_gap: StartRule
    long_gap_within_province: StartRule | None = None
    long_gap_across_provinces: StartRule | None = None
    long_gap_reach: RuleReach = RuleReach.WITHIN_PROVINCE
    switch_into_employees: StartRule | None = None
    switch_into_residents: StartRule | None = None
    first_enrolment: StartRule | None = None
    first_enrolment_flexible: StartRule | None = None
    counts_gap_from_suspension: bool = False
    back_payment_months: Annotated[int, Field(ge=0, le=24)] | None = None
    pays_until_last_paid_month_within_province: bool | None = None
    pays_until_last_paid_month_across_provinces: bool | None = None
    residents: Residents = Residents()
    interrupted: Interrupted = Interrupted()
