"""Which pooling area a code stands for."""

from datetime import date

from shared.law import design
from shared.registry.registry import Registry


@design("months paid in a county, or in an area that was merged since, were paid in the pooling area of today")
def pooling_area(registry: Registry, code: str, on: date) -> str:
    """The pooling area of ``on`` (Shanghai) that a code of a county or of an older area belongs to; else the code."""
    area = registry.resolve(code, on)
    return code if area is None else area.admdvs
