"""Until when an area brings in what was open in the system that it used before."""

from datetime import date, datetime

from shared.clock import local_date
from shared.errors import Conflict
from shared.law import design
from shared.registry.policy.effective import PolicyMissing, PolicyNotInForce
from shared.registry.registry import Registry


class CutOverEnded(Conflict):
    """The area's cut-over is over: what is still old goes in like anything new."""

    code = "cut-over-ended"


@design("an area's cut-over has an end")
def require_cut_over(registry: Registry, admdvs: str, now: datetime) -> None:
    """Returns while the area still brings old items in; raises ``CutOverEnded`` after the day that its region set."""
    today = local_date(now)
    until = _imports_until(registry, admdvs, today)
    if until is not None and today > until:
        raise CutOverEnded(f"本统筹区的切换导入已于{until.isoformat()}截止。")


def _imports_until(registry: Registry, admdvs: str, on: date) -> date | None:
    try:
        return registry.policy(admdvs, on).sections.cut_over.imports_until
    except (PolicyMissing, PolicyNotInForce):
        return None
