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


STEP_NAMES = {
    SuspenseStep.ASSIGNED: "分派",
    SuspenseStep.COMMENTED: "备注",
    SuspenseStep.REFUND_ORDERED: "退回付款方：已开支付单",
    SuspenseStep.REFUND_WITHDRAWN: "退回付款方：撤回支付单",
    SuspenseStep.REFUND_PAID: "退回付款方：银行已付",
    SuspenseStep.REFUND_CAME_BACK: "退回付款方：被银行退回",
}
