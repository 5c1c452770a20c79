"""What somebody has to look at, and what it is called."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.errors import Conflict


class AlertKind(StrEnum):
    """Stable names; ``subject`` of an alert is the statement, the bank account, or the old item and
    the obligation like it, that it is about."""

    STATEMENT_GAP = "statement_gap"
    NOTICE_UNCONFIRMED = "notice_unconfirmed"
    ACCOUNT_CHANGED = "account_changed"
    OPENING_DUPLICATE = "opening_duplicate"


ALERT_TEXTS = {
    AlertKind.STATEMENT_GAP: "期初余额与上一份对账单的期末余额不同：中间缺少对账单，或银行更正过余额",
    AlertKind.NOTICE_UNCONFIRMED: "银行通知过的款项没有出现在当日对账单中",
    AlertKind.ACCOUNT_CHANGED: "未支付的支付单所用的银行账户已经停用或更换：支付单已暂缓，须以登记以外的途径核实后处理",
    AlertKind.OPENING_DUPLICATE: "旧账款项与电子办件疑为同一笔，已暂缓支付：确属两笔的处理本提示，同一笔的撤销旧账",
}


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
