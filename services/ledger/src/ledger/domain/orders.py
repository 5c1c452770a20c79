"""The life of a payment order: which command is allowed in which state."""

from collections.abc import Sequence
from enum import StrEnum

from shared.errors import Conflict, FieldError


class OrderState(StrEnum):
    """``awaiting_funds``: 用款申请 to the treasury is under way, since 支出户 is filled from 财政专户.

    ``rejected``: the bank has refused it; another order may pay anew (``domain.rejections``).
    """

    READY = "ready"
    HELD = "held"
    AWAITING_FUNDS = "awaiting_funds"
    PROPOSED = "proposed"
    RELEASED = "released"
    PAID = "paid"
    RETURNED = "returned"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


ORDER_STATE_NAMES = {
    OrderState.READY: "待提交",
    OrderState.HELD: "暂缓支付",
    OrderState.AWAITING_FUNDS: "待用款",
    OrderState.PROPOSED: "待复核",
    OrderState.RELEASED: "已放行",
    OrderState.PAID: "已支付",
    OrderState.RETURNED: "已退回",
    OrderState.REJECTED: "银行拒绝",
    OrderState.CANCELLED: "已作废",
}

_NEXT_STEPS = {
    OrderState.HELD: "查明暂缓原因，处理提示或由业务解除暂缓后再提交",
    OrderState.AWAITING_FUNDS: "先办理用款申请，拨款到账后自动转为待提交",
    OrderState.PROPOSED: "已在另一批次中，由另一人复核",
    OrderState.RELEASED: "已经放行，等待银行扣款",
    OrderState.PAID: "已经支付，无需再付",
    OrderState.RETURNED: "查明账户后办理重新支付",
    OrderState.REJECTED: "查明原因后办理重新支付",
    OrderState.CANCELLED: "已经作废，无需支付",
}

UNRELEASED = frozenset({OrderState.READY, OrderState.HELD, OrderState.AWAITING_FUNDS, OrderState.PROPOSED})
COMMITTED = frozenset({OrderState.RELEASED, OrderState.PAID})
STILL_TO_PAY = UNRELEASED | {OrderState.RELEASED}
FAILED = frozenset({OrderState.RETURNED, OrderState.REJECTED, OrderState.CANCELLED})
"""States in which an order pays nothing any more: of an obligation's orders at most one is in another."""


class OrderNotPayable(Conflict):
    """An order cannot go into a batch in its present state."""

    code = "payment-order-not-payable"


class AlreadyOnStatement(Conflict):
    """The bank statement already shows money going out for this case; releasing could pay it twice."""

    code = "payment-already-on-statement"


def require_proposable(states: Sequence[OrderState]) -> None:
    """Returns when orders in these ``states`` may all go into a new batch; raises ``OrderNotPayable`` naming each."""
    errors = [
        FieldError(
            f"/orders/{index}/order_id", f"order-{state.replace('_', '-')}", f"{_named(state)}：{_NEXT_STEPS[state]}"
        )
        for index, state in enumerate(states)
        if state is not OrderState.READY
    ]
    if errors:
        raise OrderNotPayable(f"有 {len(errors)} 张支付单不能提交支付：{errors[0].message}", errors=errors)


def described(state: OrderState) -> str:
    """What a clerk is told of an order in this ``state``, and what to do next."""
    return _named(state) if state is OrderState.READY else f"{_named(state)}：{_NEXT_STEPS[state]}"


def _named(state: OrderState) -> str:
    return f"支付单当前为“{ORDER_STATE_NAMES[state]}”"


def state_when_held(state: OrderState, *, is_held: bool) -> OrderState:
    """The state after a clerk holds (``is_held``) or lifts the hold; released money cannot be held any more."""
    if is_held and state in UNRELEASED:
        return OrderState.HELD
    if not is_held and state is OrderState.HELD:
        return OrderState.READY
    return state
