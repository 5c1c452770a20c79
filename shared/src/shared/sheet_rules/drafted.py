"""What a draft was made from: the records behind each row, and those that do not count."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.info_sheet import SheetRow


class Omission(StrEnum):
    """Why a contribution record is on no row."""

    REVERSED = "reversed"
    NOT_PAID = "not_paid"
    OTHER_INSURANCE = "other_insurance"
    END_BEFORE_BEGIN = "end_before_begin"
    NOT_YET = "not_yet"
    COUNTED_ELSEWHERE = "counted_elsewhere"


OMISSION_TEXTS = {
    Omission.REVERSED: "已核销，不计缴费",
    Omission.NOT_PAID: "未到账，不计缴费",
    Omission.OTHER_INSURANCE: "不属于基本医疗保险",
    Omission.END_BEFORE_BEGIN: "终止年月早于起始年月，请先更正记录",
    Omission.NOT_YET: "职工医保缴费月份尚未到来",
    Omission.COUNTED_ELSEWHERE: "同一险种的这些月份已计入另一统筹区的记录",
}


@dataclass(frozen=True, slots=True)
class RowSource:
    """The records (``rid``) whose months a row counts."""

    row_no: int
    rids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is on no row."""

    rid: str
    omission: Omission


@dataclass(frozen=True, slots=True)
class Drafted:
    """The rows, and where each came from."""

    rows: tuple[SheetRow, ...] = ()
    sources: tuple[RowSource, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
