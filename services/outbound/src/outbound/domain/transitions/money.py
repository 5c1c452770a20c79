"""What the ledger tells, and the hold that a clerk puts on a payment (domain §8)."""

from dataclasses import replace
from datetime import datetime

from outbound.domain.case import Actor, Case, CaseState
from outbound.domain.decision import Decision, decide, require, task, to_ledger
from shared.agency.core import TaskKind
from shared.contracts.events.money import BalancePaid, BalanceReturned, PaymentHoldChanged
from shared.law import design, law
from shared.money import format_yuan
from shared.sheet_rules import is_addendum_obligation

RETURNED = "returned-"
"""Before the obligation's number: the step of a credit of money that came back."""

_OVER = (CaseState.WITHDRAWN, CaseState.TERMINATED)
"""Nothing is paid in these, so no hold of theirs is ever lifted."""


@law("N8")
def take_payment(case: Case, event: BalancePaid, actor: Actor, at: datetime) -> Decision:
    """The bank shows the payment: the core takes the amount off the account. True in any state.

    A payment that replaces a returned one is taken off as well, for the return had put the amount on again.
    """
    step = f"paid-{event.obligation_no}-{event.booked_on:%Y%m%d}-{actor.message_id}"
    debit = task(case, TaskKind.DEBIT_ACCOUNT, step, event.booked_on, event.amount)
    told = f"{format_yuan(event.amount)}元"
    paid = decide(case, "balance_paid", case.state, at, actor, reason=told, tasks=(debit,))
    return replace(paid, case=_shown(paid.case, event))


@design("what the bank gives back stands on the account again")
def take_payment_return(case: Case, event: BalanceReturned, actor: Actor, at: datetime) -> Decision:
    """A payment came back, to be paid again or closed by the ledger's clerks; or the inbound owed it back.

    Either way it is put on the account again, from which it had been taken. So the account has lost what was paid
    less what came back, whatever comes first, and however often one obligation is paid.
    """
    step = f"{RETURNED}{event.obligation_no}-{actor.message_id}"
    credit = task(case, TaskKind.CREDIT_ACCOUNT, step, event.booked_on, event.amount)
    told = f"{format_yuan(event.amount)}元：{event.reason}"
    is_sent_back = not event.is_owed and not is_addendum_obligation(event.obligation_no)
    # It may be paid anew any time, and nobody would have shown that yet.
    shown = 0 if is_sent_back else case.shown_amount
    return decide(case, "balance_returned", case.state, at, actor, reason=told, tasks=(credit,), shown_amount=shown)


def _shown(case: Case, event: BalancePaid) -> Case:
    """What a payment shows: of the present version, that just what it states has left in all; of an older one less."""
    if is_addendum_obligation(event.obligation_no):
        return case
    if event.obligation_no == str(case.obligation_no) and case.owed_amount is not None:
        return replace(case, most_stated=case.owed_amount, shown_amount=case.owed_amount)
    return replace(case, shown_amount=max(case.shown_amount, event.amount))


def take_credit(case: Case, amount: int, step: str, actor: Actor, at: datetime) -> Decision:
    """The core has put returned money on the account again; ``step`` tells an addendum's from the sheet's."""
    return _moved(case, "credited_back", -amount, step, actor, at)


def take_debit(case: Case, amount: int, step: str, actor: Actor, at: datetime) -> Decision:
    """The core has taken a paid amount off the account; ``step`` tells an addendum's from the sheet's."""
    return _moved(case, "debited", amount, step, actor, at)


def _moved(case: Case, what: str, off: int, step: str, actor: Actor, at: datetime) -> Decision:
    """``off`` fen have left the account (negative: come back) for the obligation that ``step`` names."""
    if is_addendum_obligation(step.split("-")[1]):
        return decide(case, f"addendum_{what}", case.state, at, actor, addenda_balc=case.addenda_balc - off)
    return decide(case, f"account_{what}", case.state, at, actor, debited_amount=case.debited_amount + off)


def hold_payment(case: Case, actor: Actor, at: datetime, *, is_held: bool, reason: str) -> Decision:
    """A clerk holds the payment of the case, or lifts the hold; the ledger obeys."""
    require(case, "payment-hold", *(state for state in CaseState if state not in _OVER))
    event = PaymentHoldChanged(is_held=is_held, reason=reason)
    return decide(
        case,
        "payment_held" if is_held else "payment_hold_lifted",
        case.state,
        at,
        actor,
        reason=reason,
        letters=(to_ledger(case, event),),
        is_payment_held=is_held,
        payment_hold_reason=reason if is_held else None,
    )
