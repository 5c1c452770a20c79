"""When a clerk may say that a line is about something else than the rules said."""

from dataclasses import dataclass
from datetime import date

from ledger.domain.line_classes import OTHER_THAN_TRANSFER, LineClass
from ledger.domain.statement import Direction
from shared.errors import Conflict
from shared.law import design

_NAMES_CASE = {
    Direction.CREDIT: "这笔来款写有办件编号，不能作为其他业务；请匹配或按原路退回",
    Direction.DEBIT: "这笔扣款写有办件编号，只能改为手续费，不能作为其他业务；请匹配，或与退回的款项冲抵",
}
_ONLY_IN = frozenset({LineClass.TRANSFER_IN})
_ONLY_OUT = frozenset({LineClass.TRANSFER_OUT, LineClass.FEE})


class LineNotReclassifiable(Conflict):
    """The line cannot be of that class, or is settled as what it is."""

    code = "line-not-reclassifiable"


@dataclass(frozen=True, slots=True)
class ClassedLine:
    """A line as it is classed now; ``left_suspense_on``: when a clerk took it out of suspense, if one did."""

    id: int
    direction: Direction
    booked_on: date
    line_class: LineClass
    change_count: int
    is_claimed: bool
    names_case: bool
    left_suspense_on: date | None

    @property
    def version(self) -> int:
        """What ``If-Match`` stands for."""
        return self.change_count + 1


@design("what names a case is no other business; a debit may be what the bank charged for the case's payment")
def require_reclassifiable(line: ClassedLine, to: LineClass) -> None:
    """Returns when the line may become one of class ``to``; raises ``LineNotReclassifiable``."""
    if line.is_claimed:
        raise LineNotReclassifiable("这笔流水已经匹配、退回或核销，或由银行更正冲销，不能改变类别")
    if line.line_class is to:
        raise LineNotReclassifiable("这笔流水已经是这个类别")
    if line.names_case and to in OTHER_THAN_TRANSFER - {LineClass.FEE}:
        raise LineNotReclassifiable(_NAMES_CASE[line.direction])
    wrong = _ONLY_OUT if line.direction is Direction.CREDIT else _ONLY_IN
    if to in wrong:
        raise LineNotReclassifiable("类别与收支方向不符")


def moves_between_accounts(line: ClassedLine, to: LineClass) -> bool:
    """Whether the money changes between suspense and 其他业务往来."""
    return (line.line_class in OTHER_THAN_TRANSFER) != (to in OTHER_THAN_TRANSFER)


def booking_day(line: ClassedLine, to: LineClass, today: date) -> date:
    """The day of the books on which it moves: today, and a line that comes back moves on the day that it left.

    So every past day's suspense keeps as many items as the books have money in it.
    """
    is_back = to not in OTHER_THAN_TRANSFER and line.left_suspense_on is not None
    return line.left_suspense_on if is_back and line.left_suspense_on else max(today, line.booked_on)
