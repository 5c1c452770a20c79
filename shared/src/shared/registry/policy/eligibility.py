"""What a region sets about applications (domain §3)."""

from typing import Annotated

from pydantic import Field

from shared.registry.policy.section import Section


class Eligibility(Section):
    """``facts_max_age_hours``: older facts decide nothing (*design*).

    ``same_city_employees_not_needed``: inside one 设区的市 310→310 needs no transfer (S54-9).
    ``settle_unknown_after_days``: so many working days after an application that no side could judge, two clerks
    may give the verdict by hand (*design*).
    """

    facts_max_age_hours: Annotated[int, Field(ge=1, le=24 * 31)]
    same_city_employees_not_needed: bool
    settle_unknown_after_days: Annotated[int, Field(ge=1, le=60)]
