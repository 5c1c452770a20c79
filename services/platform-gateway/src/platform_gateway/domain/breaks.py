"""What does not agree between the platform and one side, and what came of comparing them (S53-2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BreakKind(StrEnum):
    """What does not agree."""

    CASE_MISSING = "case_missing"
    CASE_UNKNOWN = "case_unknown"
    STATE = "state"
    SHEET_VERSION = "sheet_version"
    SHEET_DIGEST = "sheet_digest"
    AMOUNT_STATED = "amount_stated"
    AMOUNT_ADDED = "amount_added"
    AMOUNT_PAID = "amount_paid"
    AMOUNT_RETURNED = "amount_returned"
    AMOUNT_REFUNDED = "amount_refunded"
    AMOUNT_RECEIVED = "amount_received"
    AMOUNT_MATCHED = "amount_matched"
    AMOUNT_CREDITED = "amount_credited"
    AMOUNT_REVERSED = "amount_reversed"
    MESSAGE_MISSING = "message_missing"
    MESSAGE_NOT_APPLIED = "message_not_applied"
    MESSAGE_FORGOTTEN = "message_forgotten"


BREAK_NAMES = {
    BreakKind.CASE_MISSING: "该方数据中没有此办件",
    BreakKind.CASE_UNKNOWN: "该方的办件平台没有，或该方不是其经办方",
    BreakKind.STATE: "办件状态不一致",
    BreakKind.SHEET_VERSION: "信息表版本不一致",
    BreakKind.SHEET_DIGEST: "信息表内容（摘要）不一致",
    BreakKind.AMOUNT_STATED: "信息表载明的转移金额不一致",
    BreakKind.AMOUNT_ADDED: "补充单金额不一致",
    BreakKind.AMOUNT_PAID: "已付金额不一致",
    BreakKind.AMOUNT_RETURNED: "退汇金额不一致",
    BreakKind.AMOUNT_REFUNDED: "应退已退金额不一致",
    BreakKind.AMOUNT_RECEIVED: "已收金额不一致",
    BreakKind.AMOUNT_MATCHED: "已匹配金额不一致",
    BreakKind.AMOUNT_CREDITED: "已记入个人账户的金额不一致",
    BreakKind.AMOUNT_REVERSED: "已从个人账户冲回的金额不一致",
    BreakKind.MESSAGE_MISSING: "该方发出的消息平台没有收到",
    BreakKind.MESSAGE_NOT_APPLIED: "平台发出的消息该方没有处理",
    BreakKind.MESSAGE_FORGOTTEN: "一方已收到的消息，另一方没有发出记录",
}


class Verdict(StrEnum):
    """What came of a comparison; ``in_transit``: something is on its way, nothing can be said yet."""

    AGREES = "agrees"
    BREAKS = "breaks"
    IN_TRANSIT = "in_transit"


@dataclass(frozen=True, slots=True)
class Break:
    """One disagreement: both values as they are shown, and the messages that the platform's stands on."""

    kind: BreakKind
    ours: str
    theirs: str
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``look_again_at``: when what is in transit must have arrived, or a case that is not known yet may have come;
    ``None`` where only a newer report can tell.
    """

    verdict: Verdict
    breaks: tuple[Break, ...] = ()
    look_again_at: datetime | None = None
