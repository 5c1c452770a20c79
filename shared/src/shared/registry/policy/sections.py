"""All sections of a policy; a further one is one more line here."""

from collections.abc import Mapping

from pydantic import Field

from shared.registry.policy.account import Account
from shared.registry.policy.benefits import Benefits
from shared.registry.policy.cut_over import CutOver
from shared.registry.policy.deadlines import Deadlines
from shared.registry.policy.eligibility import Eligibility
from shared.registry.policy.section import Section
from shared.registry.policy.sheet import Sheet
from shared.registry.policy.years import Years


class Sections(Section):
    """What an effective policy says. ``readings`` holds only those that a region in the line has set."""

    deadlines: Deadlines
    eligibility: Eligibility
    account: Account
    benefits: Benefits
    years: Years = Years()
    sheet: Sheet = Sheet()
    cut_over: CutOver = CutOver()
    readings: Mapping[str, str] = Field(default_factory=dict)
