"""What the region of an area wants of the sheets that it issues."""

from datetime import date

from shared.registry.policy.effective import PolicyMissing, PolicyNotInForce
from shared.registry.registry import Registry


def blocking_warnings(registry: Registry, admdvs: str, on: date) -> frozenset[str]:
    """The warnings with which a sheet of this agency is not sealed on a day; where no policy says so, none."""
    try:
        return frozenset(registry.policy(admdvs, on).sections.sheet.blocking_warnings)
    except (PolicyMissing, PolicyNotInForce):
        return frozenset()
