"""Which command is allowed in which state of a payment order."""

import pytest

from ledger.domain.orders import OrderNotPayable, OrderState, require_proposable, state_when_held


@pytest.mark.parametrize("state", [state for state in OrderState if state is not OrderState.READY])
def test_only_ready_orders_go_into_a_batch(state: OrderState) -> None:
    require_proposable([OrderState.READY] * 2)
    with pytest.raises(OrderNotPayable):
        require_proposable([OrderState.READY, state])


@pytest.mark.parametrize(
    ("before", "is_held", "after"),
    [
        ("ready", True, "held"),
        ("proposed", True, "held"),
        ("awaiting_funds", True, "held"),
        ("held", True, "held"),
        ("held", False, "ready"),
        ("ready", False, "ready"),
        ("proposed", False, "proposed"),
        ("released", True, "released"),
        ("paid", True, "paid"),
        ("cancelled", True, "cancelled"),
        ("returned", False, "returned"),
    ],
)
def test_hold_reaches_only_unreleased_orders(before: str, is_held: bool, after: str) -> None:
    assert state_when_held(OrderState(before), is_held=is_held) == after
