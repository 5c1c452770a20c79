"""A bank line that waits, as a clerk acts on it: how much of it is left, and whether it still waits."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger.domain.statement import Direction
from ledger.domain.suspense import ADVICE, SuspenseReason
from shared.errors import Conflict

GOING_BACK = "退回支付单在办理：由两人放行，银行扣款见于对账单后自动了结"
"""The next step of money that an order is giving back, whatever it waits for."""


class SuspenseSettled(Conflict):
    """The line does not wait any more: matched, given back, written off, or no transfer."""

    code = "suspense-settled"


@dataclass(frozen=True, slots=True)
class SuspenseItem:
    """One item; amounts in fen, ``opened_at`` in UTC.

    ``claimed_fen`` is what has been answered already, ``reserved_fen`` what an order gives back, ``sent_fen`` what of
    that is released; ``fund`` is that of the account.
    """

    line_id: int
    kind: str
    reason: SuspenseReason
    direction: Direction
    amount_fen: int
    claimed_fen: int
    reserved_fen: int
    sent_fen: int
    owner: str
    rlts_traf_id: str | None
    booked_on: date
    fund: str
    opened_at: datetime
    settled_on: date | None
    assigned_to: str | None
    version: int

    @property
    def left_fen(self) -> int:
        """What nothing answers and nothing is on its way for."""
        return self.amount_fen - self.claimed_fen - self.reserved_fen

    @property
    def left_or_sent_fen(self) -> int:
        """What a debit may answer: what is left, and what is on its way to the payer by the bank."""
        return self.left_fen + self.sent_fen


def next_step(
    reason: SuspenseReason,
    *,
    is_going_back: bool,
    has_adjustment: bool,
    has_proposal: bool,
    reversed_by: int | None = None,
) -> str:
    """What a clerk does next with money that waits; what is under way comes before what the reason advises.

    ``reversed_by``: the line by which a correction of the bank takes this one back.
    """
    if is_going_back:
        return GOING_BACK
    if has_adjustment:
        return "有待复核的调整：由另一人同意或退回"
    if has_proposal:
        return "有待复核的匹配提案：由另一人通过或退回"
    if reversed_by is not None:
        return f"银行更正对账单时冲销了这笔流水：与冲销它的流水 {reversed_by} 冲抵"
    return ADVICE[reason].next_step


def require_open(item: SuspenseItem) -> None:
    """Returns while the item waits; raises ``SuspenseSettled``."""
    if item.settled_on is not None:
        raise SuspenseSettled("这笔款项已经处理完毕，不再挂账")
