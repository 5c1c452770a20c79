"""What somebody has to look at, and what it is called."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.errors import Conflict


class AlertKind(StrEnum):
    """Stable names; ``subject`` of an alert is what it is about: a statement, a bank account, a payment, a line."""

    STATEMENT_GAP = "statement_gap"
    NOTICE_UNCONFIRMED = "notice_unconfirmed"
    ACCOUNT_CHANGED = "account_changed"
    OPENING_DUPLICATE = "opening_duplicate"
    BANK_ANSWER = "bank_answer"
    DEBITED_TWICE = "debited_twice"


ALERT_TEXTS = {
    AlertKind.STATEMENT_GAP: "期初余额与上一份对账单的期末余额不同：中间缺少对账单，或银行更正过余额",
    AlertKind.NOTICE_UNCONFIRMED: "银行通知过的款项没有出现在当日对账单中",
    AlertKind.ACCOUNT_CHANGED: "未支付的支付单所用的银行账户已经停用或更换：支付单已暂缓，须以登记以外的途径核实后处理",
    AlertKind.OPENING_DUPLICATE: "旧账款项与电子办件疑为同一笔，已暂缓支付：确属两笔的处理本提示，同一笔的撤销旧账",
    AlertKind.BANK_ANSWER: "银行的付款状态报告与支付单、对账单或此前的报告矛盾，须向银行核实；相关的重新支付已暂缓",
    AlertKind.DEBITED_TWICE: "银行扣了已经结清或已被其拒绝的付款，可能重复付款：扣款已挂账，须立即核对并要求银行退回",
}


HOLDS_ORDERS = frozenset({AlertKind.ACCOUNT_CHANGED, AlertKind.BANK_ANSWER})
"""While one of these is open, the orders that it is about are held."""


class AlertAlreadySettled(Conflict):
    """Somebody, or what it was about, has settled it."""

    code = "alert-already-settled"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason for an alert; ``data`` is JSON without personal data."""

    admdvs: str
    kind: AlertKind
    subject: str
    data: dict[str, Any]
