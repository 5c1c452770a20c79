"""What two people decide: lines are written off, set off, or are no transfer, and held orders may go on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ledger.domain.line_classes import LineClass
from ledger.domain.statement import Direction
from ledger.domain.suspense_items import SuspenseItem
from ledger.domain.two_people import SamePerson
from shared.errors import Conflict
from shared.law import design
from shared.money import format_yuan


class AdjustmentKind(StrEnum):
    """``offset``: money in and money out that answer each other, such as a debit in error and its coming back.

    ``release``: what an alert keeps from being paid goes on.
    """

    WRITE_OFF = "write_off"
    OFFSET = "offset"
    RECLASSIFICATION = "reclassification"
    RELEASE = "release"


class AdjustmentState(StrEnum):
    """Only an approved one changes anything, and then at once.

    ``superseded``: what it was about was answered otherwise before anybody decided.
    """

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class AdjustmentAlreadyDecided(Conflict):
    """Approved, rejected, withdrawn or superseded before."""

    code = "adjustment-already-decided"


class AdjustmentUnderWay(Conflict):
    """The line, obligation or alert has a proposed adjustment, which has to be decided or withdrawn first."""

    code = "adjustment-under-way"


class NotAdjustable(Conflict):
    """More than is left, more than may be written off, or lines that do not answer each other."""

    code = "suspense-not-adjustable"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One, as it is kept; amounts in fen, instants in UTC."""

    id: UUID
    kind: AdjustmentKind
    line_id: int | None
    other_line_id: int | None
    obligation_id: int | None
    alert_id: int | None
    to_class: LineClass | None
    amount_fen: int | None
    reason: str
    state: AdjustmentState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    version: int


def require_undecided(adjustment: Adjustment) -> None:
    """Returns while it waits for its second person; raises ``AdjustmentAlreadyDecided``."""
    if adjustment.state is not AdjustmentState.PROPOSED:
        raise AdjustmentAlreadyDecided("这项调整已经复核、撤回或作废，请重新读取看结果")


def require_proposer(adjustment: Adjustment, by: str) -> None:
    """Returns when the proposer takes it back; raises ``SamePerson`` for anybody else, who may reject it."""
    if adjustment.proposed_by != by:
        raise SamePerson("只有提出人可以撤回；其他人请复核时退回")


@design("a write-off is bounded by a configured amount, for all that is ever written off of a line together")
def require_write_off(left_fen: int, written_off_fen: int, amount_fen: int, max_fen: int) -> None:
    """Returns when ``amount_fen`` may be written off of what is left; raises ``NotAdjustable``.

    ``written_off_fen`` is what was written off before, ``max_fen`` the most that may be in all.
    """
    if amount_fen > left_fen:
        raise NotAdjustable(f"核销金额超过尚未处理的 {format_yuan(left_fen)} 元")
    if written_off_fen + amount_fen > max_fen:
        raise NotAdjustable(f"核销金额超过上限 {format_yuan(max_fen)} 元；请匹配、退回或由对方补付")


@design("a debit that agrees with a released return in everything but note or amount is set off against what came in")
def require_offset(one: SuspenseItem, other: SuspenseItem, amount_fen: int) -> None:
    """Returns when money in and money out answer each other over ``amount_fen``; raises ``NotAdjustable``.

    What needs the money of a released return to the payer is the bank's payment of it.
    """
    if {one.direction, other.direction} != {Direction.CREDIT, Direction.DEBIT}:
        raise NotAdjustable("冲抵须是一笔收入和一笔支出")
    if one.fund != other.fund:
        raise NotAdjustable("两笔流水不属于同一基金的账户，不能冲抵；请分别匹配、退回或改变类别")
    most_fen = min(one.left_or_sent_fen, other.left_or_sent_fen)
    if amount_fen > most_fen:
        raise NotAdjustable(f"冲抵金额超过两笔都尚未处理的 {format_yuan(most_fen)} 元")
