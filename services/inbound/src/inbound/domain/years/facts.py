"""What an assessment of contribution years rests on."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PaidPeriod:
    """Months paid in one scheme and area, both ends (``YYYYMM``) counted; the same month may stand in several."""

    insutype: str
    accrym_begn: str
    accrym_end: str
    admdvs: str


@dataclass(frozen=True, slots=True)
class DeemedPeriod:
    """视同缴费 months that a person claims; they count once ``is_recognised`` (认定)."""

    accrym_begn: str
    accrym_end: str
    is_recognised: bool


@dataclass(frozen=True, slots=True)
class YearsFacts:
    """One person on the day ``as_of`` (Shanghai); ``gend`` 1 男, 2 女, 9 未说明.

    ``trafin_admdvs`` is the area that assesses, ``is_within_province`` whether the relation came from its province.
    """

    gend: str
    trafin_admdvs: str
    is_within_province: bool
    as_of: date
    paid: tuple[PaidPeriod, ...] = ()
    deemed: tuple[DeemedPeriod, ...] = ()
