"""SQL for sets of order states that the domain names."""

from collections.abc import Set

from ledger.domain.orders import OrderState


def listed(states: Set[OrderState]) -> str:
    """``('ready', 'held')``, written out: the planner takes an index over some states only where it sees them."""
    names = ", ".join(f"'{state.value}'" for state in OrderState if state in states)
    return f"({names})"
