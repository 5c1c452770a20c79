"""What somebody has to look at, and what it is called."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.errors import Conflict
from shared.law import design


class AlertKind(StrEnum):
    """Stable names; ``subject`` of an alert is what it is about: a statement, a bank account, a payment, a line."""

    STATEMENT_GAP = "statement_gap"
    NOTICE_UNCONFIRMED = "notice_unconfirmed"
    ACCOUNT_CHANGED = "account_changed"
    OPENING_DUPLICATE = "opening_duplicate"
    BANK_ANSWER = "bank_answer"
    DEBITED_TWICE = "debited_twice"


ALERT_TEXTS = {
    AlertKind.STATEMENT_GAP: (
        "与上一份对账单不衔接（余额不同，或银行的编号跳号）：中间缺少对账单，或银行更正过余额（须接着替换本份）"
    ),
    AlertKind.NOTICE_UNCONFIRMED: "银行通知过的款项没有出现在当日对账单中",
    AlertKind.ACCOUNT_CHANGED: (
        "未支付的支付单所用的银行账户已经停用或更换：支付单已暂缓，已送银行的立即请银行止付，另行核实后由两人解除"
    ),
    AlertKind.OPENING_DUPLICATE: "旧账款项与电子办件疑为同一笔，已暂缓支付：确属两笔的由两人解除，同一笔的撤销旧账",
    AlertKind.BANK_ANSWER: "银行的付款状态报告与支付单、对账单或此前的报告矛盾：重新支付已暂缓，向银行核实后由两人解除",
    AlertKind.DEBITED_TWICE: "银行扣了已经结清或已被其拒绝的付款，可能重复付款：扣款已挂账，须立即核对并要求银行退回",
}


HOLDS_ORDERS = frozenset({AlertKind.ACCOUNT_CHANGED, AlertKind.BANK_ANSWER, AlertKind.OPENING_DUPLICATE})
"""While one of these is open, the orders that it is about are held: who closes it lets money out."""


HELD_BY_SUBJECT = frozenset({AlertKind.ACCOUNT_CHANGED, AlertKind.BANK_ANSWER})
"""Orders are held for the subject of such an alert itself; those of a duplicate are held for their obligations."""

LOOKED_AT_ONCE = frozenset({AlertKind.STATEMENT_GAP, AlertKind.NOTICE_UNCONFIRMED})
"""What statements say for good: the same is found with every file, and once a person has looked it is no news."""

SYSTEM = "system"
"""Who settles an alert whose cause is gone."""

DEBIT_EXPLAINED = "这笔扣款已经查明（匹配、冲抵、退回、核销或改类），不再挂账"
"""Why ``SYSTEM`` settles the alert of a debit that does not wait any more."""


class AlertAlreadySettled(Conflict):
    """Somebody, or what it was about, has settled it."""

    code = "alert-already-settled"


class AlertNeedsTwo(Conflict):
    """Orders are held for the alert: one person proposes that they go on, another approves."""

    code = "alert-needs-two-people"


class AlertHoldsNothing(Conflict):
    """No order is held for an alert of this kind: one person settles it."""

    code = "alert-holds-nothing"


def require_open(settled_at: datetime | None) -> None:
    """Returns while the alert waits; raises ``AlertAlreadySettled``."""
    if settled_at is not None:
        raise AlertAlreadySettled("这条提示已经处理过")


@design("orders that an alert holds go on only when one person proposes it and another approves")
def require_holding(kind: str, *, is_holding: bool) -> None:
    """Returns for a kind of alert that holds orders, or does not.

    Raises ``AlertNeedsTwo``, ``AlertHoldsNothing``.
    """
    if (kind in HOLDS_ORDERS) == is_holding:
        return
    if is_holding:
        raise AlertHoldsNothing("这类提示没有暂缓支付，由一人处理即可")
    raise AlertNeedsTwo("这条提示暂缓着支付，须由一人提出解除，另一人复核")


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason for an alert; ``data`` is JSON without personal data."""

    admdvs: str
    kind: AlertKind
    subject: str
    data: dict[str, Any]
