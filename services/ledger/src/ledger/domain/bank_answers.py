"""What a bank's answer to a payment (pain.002) does to the order: it tells, and rejects; only a statement pays."""

from dataclasses import dataclass
from enum import StrEnum

from ledger.domain.orders import COMMITTED, OrderState
from ledger.domain.statement import StatementRefused
from shared.law import design

REJECTING = frozenset({"RJCT", "CANC"})
"""The bank will not carry it out."""

SETTLED = frozenset({"ACSC", "ACCC", "ACWP"})
"""The bank has carried it out; a rejection beside it needs a person."""

PENDING = frozenset({"ACCP", "ACTC", "ACSP", "ACWC", "ACFC", "PDNG", "RCVD", "PATC", "BLCK", "PART"})
"""On its way, or checked only."""


class Outcome(StrEnum):
    """What became of one line of a report."""

    NOTED = "noted"
    REJECTED = "rejected"
    REPEATED = "repeated"
    UNKNOWN_REFERENCE = "unknown_reference"
    UNKNOWN_STATUS = "unknown_status"
    AMOUNT_DIFFERS = "amount_differs"
    NOT_RELEASED = "not_released"
    CONTRADICTS = "contradicts"


OUTCOME_TEXTS = {
    Outcome.NOTED: "已登记，等待对账单",
    Outcome.REJECTED: "银行拒绝，可重新支付",
    Outcome.REPEATED: "与已登记的相同",
    Outcome.UNKNOWN_REFERENCE: "没有这张支付单",
    Outcome.UNKNOWN_STATUS: "状态代码无法识别，未作处理",
    Outcome.AMOUNT_DIFFERS: "金额与支付单不一致，未作处理",
    Outcome.NOT_RELEASED: "支付单未经放行，银行不应收到，未作处理",
    Outcome.CONTRADICTS: "与银行此前的说法或对账单矛盾，未作处理，须向银行核实",
}

NEEDS_A_PERSON = frozenset({Outcome.AMOUNT_DIFFERS, Outcome.NOT_RELEASED, Outcome.CONTRADICTS})


class StatusReportRestated(StatementRefused):
    """A report with this message number about the same file came before, with another content."""

    code = "status-report-restated"


@dataclass(frozen=True, slots=True)
class Answer:
    """One payment in a report. ``reference`` is its ``EndToEndId``; ``amount_fen`` where the bank repeats it."""

    reference: str | None
    status: str
    reason_code: str | None
    reason_text: str | None
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as it stands: ``bank_status`` is the bank's last word that was believed."""

    state: OrderState
    amount_fen: int
    bank_status: str | None


@design("a bank's report rejects a payment, and pays none")
def judge(asked: Asked | None, answer: Answer) -> Outcome:
    """What ``answer`` does to the order ``asked`` (``None``: there is none with that reference)."""
    if asked is None:
        return Outcome.UNKNOWN_REFERENCE
    if answer.status not in REJECTING | SETTLED | PENDING:
        return Outcome.UNKNOWN_STATUS
    if answer.amount_fen is not None and answer.amount_fen != asked.amount_fen:
        return Outcome.AMOUNT_DIFFERS
    if asked.state is OrderState.REJECTED:
        return _after_rejection(asked, answer)
    if asked.state not in COMMITTED and asked.state is not OrderState.RETURNED:
        return Outcome.NOT_RELEASED
    return _while_committed(asked, answer)


def _after_rejection(asked: Asked, answer: Answer) -> Outcome:
    if answer.status in SETTLED:
        return Outcome.REPEATED if asked.bank_status == answer.status else Outcome.CONTRADICTS
    # What was said before the rejection may come after it.
    return Outcome.REPEATED


def _while_committed(asked: Asked, answer: Answer) -> Outcome:
    if answer.status not in REJECTING:
        is_older = asked.bank_status in SETTLED and answer.status in PENDING
        return Outcome.REPEATED if is_older or asked.bank_status == answer.status else Outcome.NOTED
    if asked.state is not OrderState.RELEASED or asked.bank_status in SETTLED:
        return Outcome.CONTRADICTS
    return Outcome.REJECTED
