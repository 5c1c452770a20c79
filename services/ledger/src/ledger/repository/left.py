"""SQL for what clerks act on: how much of a line is answered already, what it can be, and what waits about it."""

from collections.abc import Set

from ledger.domain.orders import STILL_TO_PAY, OrderState
from ledger.repository.order_states import listed


def cleared(line_id: str) -> str:
    """What write-offs, set-offs and paid returns have answered of the line that the expression names, in fen."""
    return f"""CAST(coalesce((SELECT sum(g.amount_fen) FROM clearing g
                WHERE g.credit_line_id = {line_id} OR g.debit_line_id = {line_id}), 0) AS bigint)"""  # noqa: S608


def present_class(line: str) -> str:
    """What the line that the name stands for is about: as people have changed it last, or as it was classed first."""
    return f"""coalesce((SELECT x.to_class FROM line_class_change x WHERE x.line_id = {line}.id
                         ORDER BY x.change_no DESC LIMIT 1), {line}.line_class)"""  # noqa: S608


def kind_of_waiting(line: str, item: str) -> str:
    """What a waiting line can be: a return to its payer that came back is money received, whatever the bank says."""
    return f"""CASE WHEN {item}.returned_order_id IS NOT NULL AND {line}.direction = 'C' THEN 'receipt'
                ELSE {line}.kind END"""


def reserved(line_id: str) -> str:
    """What an order on its way to the payer takes of the line that the expression names, in fen."""
    return _ordered(line_id, STILL_TO_PAY)


def sent(line_id: str) -> str:
    """What of that is released, so that the bank may have paid it, in fen."""
    return _ordered(line_id, {OrderState.RELEASED})


def _ordered(line_id: str, states: Set[OrderState]) -> str:
    return f"""CAST(coalesce((SELECT sum(g.amount_fen) FROM payment_order g
                WHERE g.returns_line_id = {line_id} AND g.state IN {listed(states)}), 0) AS bigint)"""  # noqa: S608


def has_adjustment(line_id: str) -> str:
    """Whether an adjustment of the line that the expression names is proposed."""
    # Each by its index: one condition over both columns would read every open adjustment.
    return f"""(EXISTS (SELECT FROM adjustment g WHERE g.line_id = {line_id} AND g.state = 'proposed')
                OR EXISTS (SELECT FROM adjustment g WHERE g.other_line_id = {line_id} AND g.state = 'proposed'))"""  # noqa: S608


def has_proposal(line_id: str) -> str:
    """Whether a match of the line that the expression names is proposed, or its undoing."""
    return f"""EXISTS (SELECT FROM proposal_part t JOIN proposal p ON p.id = t.proposal_id
                WHERE t.line_id = {line_id} AND p.state = 'proposed')"""


def taken_back(line_id: str) -> str:
    """Whether a correction of the bank reverses the line that the expression names."""
    return f"EXISTS (SELECT FROM restated_line t WHERE t.line_id = {line_id})"


def restated(line_id: str) -> str:
    """Whether the line that the expression names is no money: a correction of the bank reverses it, or it reverses."""
    return f"""({taken_back(line_id)}
                OR EXISTS (SELECT FROM restated_line t WHERE t.reversed_by = {line_id}))"""
