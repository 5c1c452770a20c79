"""What clerks do with money that waits. Every step is kept with who did it, when and why."""

from enum import StrEnum


class SuspenseStep(StrEnum):
    """Stable names: the ``what`` of a suspense item's history."""

    ASSIGNED = "assigned"
    COMMENTED = "commented"
    REFUND_ORDERED = "refund_ordered"
    REFUND_WITHDRAWN = "refund_withdrawn"
    REFUND_PAID = "refund_paid"
    REFUND_CAME_BACK = "refund_came_back"
    COME_BACK_WITHDRAWN = "come_back_withdrawn"
    REFUND_REFUSED = "refund_refused"
    REFUND_DEBITED_LATE = "refund_debited_late"
    MATCH_PROPOSED = "match_proposed"
    MATCH_APPROVED = "match_approved"
    MATCH_REJECTED = "match_rejected"
    MATCH_UNDONE = "match_undone"
    ADJUSTMENT_PROPOSED = "adjustment_proposed"
    ADJUSTMENT_APPROVED = "adjustment_approved"
    ADJUSTMENT_REJECTED = "adjustment_rejected"
    ADJUSTMENT_WITHDRAWN = "adjustment_withdrawn"


STEP_NAMES = {
    SuspenseStep.ASSIGNED: "分派",
    SuspenseStep.COMMENTED: "备注",
    SuspenseStep.REFUND_ORDERED: "退回付款方：已开支付单",
    SuspenseStep.REFUND_WITHDRAWN: "退回付款方：撤回支付单",
    SuspenseStep.REFUND_PAID: "退回付款方：银行已付",
    SuspenseStep.REFUND_CAME_BACK: "退回付款方：被银行退回",
    SuspenseStep.COME_BACK_WITHDRAWN: "退回付款方：撤回“被银行退回”的认定",
    SuspenseStep.REFUND_REFUSED: "退回付款方：银行拒绝",
    SuspenseStep.REFUND_DEBITED_LATE: "退回付款方：银行拒绝后又扣款",
    SuspenseStep.MATCH_PROPOSED: "提出人工匹配",
    SuspenseStep.MATCH_APPROVED: "人工匹配通过",
    SuspenseStep.MATCH_REJECTED: "人工匹配退回",
    SuspenseStep.MATCH_UNDONE: "撤销匹配",
    SuspenseStep.ADJUSTMENT_PROPOSED: "提出调整",
    SuspenseStep.ADJUSTMENT_APPROVED: "调整已复核",
    SuspenseStep.ADJUSTMENT_REJECTED: "调整被退回",
    SuspenseStep.ADJUSTMENT_WITHDRAWN: "撤回调整",
}
