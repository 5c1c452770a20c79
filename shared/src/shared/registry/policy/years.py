"""What a region sets about the contribution years that retiree benefits ask for (N12, S54-6, S54-7)."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.law import law
from shared.registry.policy.section import Section

YearsInMonths = Annotated[int, Field(ge=0, le=600)]


@law("S54-7")
class LocalActualMonths(Section):
    """Months that must have been paid in the area itself, after a transfer from within or outside its province."""

    within_province: YearsInMonths | None = None
    across_provinces: YearsInMonths | None = None


@law("N12", "S54-6")
class Years(Section):
    """Months of 310 required for retiree benefits; what is unset, a local decision has to say.

    ``men_months`` and ``women_months`` are required in all; until ``transition_until`` (S54-6) an area's own number
    may still be another one, so that only a number which the area itself sets is sure. ``needs_local_pension``:
    retiree benefits ask for a pension drawn locally, which N12 forbids.
    """

    men_months: YearsInMonths | None = None
    women_months: YearsInMonths | None = None
    transition_until: date | None = None
    do_deemed_months_count: bool | None = None
    local_actual_months: LocalActualMonths = LocalActualMonths()
    may_pay_rest_at_once: bool | None = None
    may_go_on_monthly: bool | None = None
    needs_local_pension: bool = False
