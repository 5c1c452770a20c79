"""What a sheet is made and checked against: the case, the day and the registry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shared.months import month_of


class IssuingArea(Protocol):
    """A pooling area as the registry holds it, under exactly one code; abolished ones have ``valid_to``."""

    @property
    def admdvs(self) -> str:
        """The code."""

    @property
    def name(self) -> str:
        """The present name of the agency."""

    @property
    def former_names(self) -> Sequence[str]:
        """Names it had before."""

    @property
    def valid_from(self) -> date:
        """The first day on which the code was valid."""

    @property
    def valid_to(self) -> date | None:
        """The last day on which the code was valid, ``None`` while it is."""


class IssuingAreas(Protocol):
    """The registry, as far as rows need it."""

    def area(self, code: str) -> IssuingArea | None:
        """The area of exactly this code, abolished ones too."""

    def resolve(self, code: str, on: date | None = None) -> IssuingArea | None:
        """The area of a county's or an abolished area's code, of that day where one is given."""


def is_valid_on(area: IssuingArea, day: date) -> bool:
    """Whether the area's code is valid on a day."""
    return area.valid_from <= day and (area.valid_to is None or area.valid_to >= day)


def may_issue(area: IssuingArea, begin: str, end: str, today: date) -> bool:
    """Whether a row from month ``begin`` to ``end`` may bear the area's code: it is valid today or was then."""
    if is_valid_on(area, today):
        return True
    began_in_time = month_of(area.valid_from) <= begin
    return began_in_time and (area.valid_to is None or end <= month_of(area.valid_to))


@dataclass(frozen=True, slots=True)
class SheetContext:
    """The case that a sheet must belong to, and what else decides whether it is right.

    ``accepted_on`` and ``today`` are dates in Asia/Shanghai. ``area`` gives the registry's entry of exactly that
    code, abolished ones too and no successor in its place, ``None`` for a code that never was a pooling area.
    ``drafted_amount`` (fen) is what the approved draft said, ``None`` to skip that comparison.
    ``blocking_warnings`` are codes W… that the region makes errors.
    """

    rlts_traf_id: str
    trafout_admdvs: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str
    psn_name: str
    psn_cert_type: str
    certno: str
    accepted_on: date
    today: date
    area: Callable[[str], IssuingArea | None]
    drafted_amount: int | None = None
    blocking_warnings: frozenset[str] = frozenset()
