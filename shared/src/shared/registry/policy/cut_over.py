"""What a region sets about bringing in what was open in the systems used before."""

from datetime import date

from shared.law import design
from shared.registry.policy.section import Section


@design("an area's cut-over has an end")
class CutOver(Section):
    """``imports_until``: the last day (Shanghai) on which what is old and open is brought in; unset: no end yet."""

    imports_until: date | None = None
