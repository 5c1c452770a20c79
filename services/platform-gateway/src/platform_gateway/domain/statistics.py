"""What oversight counts (N3, N10, S53-4): the measures, how they are grouped, and whose figures they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from platform_gateway.domain.money import MoneyState
from shared.contracts.codes import ReturnCode
from shared.contracts.facts import Side
from shared.time_limits import ClockKind

VOLUMES = ("applied", "accepted", "refused", "withdrawn", "terminated", "completed", "closed")
"""Cases by the month in which they came to it for the first time."""

RETURNS = ("sheets", "returned", *(f"returned_{code.value.lower()}" for code in ReturnCode))
"""Accepted sheet versions, and returns with their codes; a return with two codes counts once under each."""

CLOCKS = tuple(f"{kind.value}_{how}" for kind in ClockKind for how in ("kept", "late"))
"""Clocks by the month in which they stopped: on their last day or before, or after it."""

PAYMENTS = ("paid", "credited", "sent_back")
"""Bank movements and credits by the month in which they were booked, with their sums in fen."""

FLOWS = (*VOLUMES, *RETURNS, *CLOCKS, *PAYMENTS)
AMOUNTS = tuple(f"{name}_amount" for name in PAYMENTS)

OUTSTANDING = (
    MoneyState.AWAITING_PAYMENT,
    MoneyState.PAID,
    MoneyState.RECEIVED,
    MoneyState.MATCHED,
    MoneyState.MISMATCHED,
    MoneyState.RETURNED_TO_PAYER,
)
"""States of money that is still owed to somebody's account."""


class Kind(StrEnum):
    """How a case is counted: in the nation, by each side's province and area, by the pair of areas, by county.

    What is asked of many areas at once has sums of its own, so that no answer adds up the whole country's cells.
    """

    NATION = "nation"
    OUTBOUND_PROVINCE = "from_province"
    INBOUND_PROVINCE = "into_province"
    OUTBOUND = "outbound"
    INBOUND = "inbound"
    DIRECTION = "direction"
    OUTBOUND_COUNTY = "outbound_county"
    INBOUND_COUNTY = "inbound_county"


class Distance(StrEnum):
    """How far apart the two areas of a case lie."""

    SAME_AREA = "same_area"
    SAME_CITY = "same_city"
    SAME_PROVINCE = "same_province"
    ACROSS_PROVINCES = "across_provinces"


class GroupBy(StrEnum):
    """What one line of the figures is about."""

    TOTAL = "total"
    MONTH = "month"
    PROVINCE = "province"
    AREA = "area"
    DIRECTION = "direction"
    COUNTY = "county"
    SCHEMES = "schemes"
    DISTANCE = "distance"


_BEYOND_AREA = (Distance.SAME_CITY, Distance.SAME_PROVINCE, Distance.ACROSS_PROVINCES)


@dataclass(frozen=True, slots=True)
class AreaRange:
    """Areas whose codes lie between ``low`` and ``high``, both counted.

    ``leaving`` are the distances at which a case has only one of its two sides in the range: a case of both sides
    is counted with its outbound, so that nothing counts twice.
    """

    low: str
    high: str
    leaving: tuple[Distance, ...]

    @property
    def is_province(self) -> bool:
        """Whether this is a whole province."""
        return self.low.endswith("0000") and self.high == f"{self.low[:2]}9999"

    def holds(self, other: "AreaRange") -> bool:
        """Whether ``other`` lies in this range."""
        return self.low <= other.low and other.high <= self.high


NATION = AreaRange("000000", "999999", ())


def area(admdvs: str) -> AreaRange:
    """One pooling area."""
    return AreaRange(admdvs, admdvs, _BEYOND_AREA)


def below(code: str) -> AreaRange:
    """What lies below a code of oversight, as ``Principal.sees`` reads it: nation, province, city, one area."""
    if code in ("000000", "100000"):
        return NATION
    if code.endswith("0000"):
        return AreaRange(code, f"{code[:2]}9999", (Distance.ACROSS_PROVINCES,))
    if code.endswith("00"):
        return AreaRange(code, f"{code[:4]}99", (Distance.SAME_PROVINCE, Distance.ACROSS_PROVINCES))
    return area(code)


@dataclass(frozen=True, slots=True)
class FiguresWanted:
    """Months are ``YYYYMM``, both ends counted; ``None`` does not matter. ``side`` is that of ``areas``."""

    areas: AreaRange
    month_from: str
    month_to: str
    by: GroupBy = GroupBy.TOTAL
    side: Side | None = None
    trafout_insutype: str | None = None
    trafin_insutype: str | None = None
    distance: Distance | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """One line: ``key`` says what of, ``flows`` and ``standing`` are the measures by name (sums in fen)."""

    key: tuple[str, ...]
    flows: Mapping[str, int]
    standing: Mapping[str, int]


def rate(part: int, whole: int) -> float | None:
    """A share with four decimals, ``None`` of nothing."""
    return round(part / whole, 4) if whole else None
