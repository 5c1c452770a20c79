"""Money out, as it should be and not, and what comes back."""

from dataclasses import replace
from datetime import date

from bench.known.source import Source
from bench.known.world import Account, Answer, Due, Form, Item, Told, matched, waits


def payment(source: Source, day: date) -> Item:
    """As it should be."""
    due = _owed(source, day)
    return Item((due,), ((source.paid(due, day), matched("payment", due)),))


def payment_off_by_one_fen(source: Source, day: date) -> Item:
    due = _owed(source, day)
    line = source.paid(due, day, fen=due.amount_fen + source.random.choice((1, -1)))
    return Item((due,), ((line, waits("payment_off_by_one_fen", "amount_differs")),))


def payment_to_another(source: Source, day: date) -> Item:
    due = _owed(source, day)
    line = replace(source.paid(due, day), other_acct=f"9{source.random.randrange(10**15):015}")
    return Item((due,), ((line, waits("payment_to_another", "payee_differs")),))


def payment_not_released(source: Source, day: date) -> Item:
    due = replace(_owed(source, day), state="ready")
    return Item((due,), ((source.paid(due, day), waits("payment_not_released", "not_released")),))


def payment_booked_twice(source: Source, day: date) -> Item:
    due, answer = _owed(source, day), waits("payment_booked_twice", "several_candidates")
    return Item((due,), ((source.paid(due, day), answer), (source.paid(due, day), answer)))


def returned_payment(source: Source, day: date) -> Item:
    """Paid, and given back by the bank on the same day: both name the case."""
    due = _owed(source, day)
    out = source.paid(due, day)
    answer = matched("returned_payment", due)
    return Item((due,), ((out, answer), (_returned(source, out), answer)))


def allotment(source: Source, day: date) -> Item:
    """The 财政专户 fills the account that pays."""
    line = Told(
        Account.EXPENDITURE, source.fen(), day, "拨款", source.world.treasury_bankacct, "财政专户", source.ref()
    )
    return Item((), ((line, Answer("allotment", "other", line_class="treasury_allotment")),))


def sent_by_a_stranger(source: Source, day: date) -> Item:
    """A payment, and its amount under its case from somebody who was not paid: not the payment come back."""
    due = _owed(source, day)
    out = source.paid(due, day)
    stranger = f"9{source.random.randrange(10**15):015}"
    back = replace(out, fen=due.amount_fen, other_acct=stranger, bank_ref=source.ref())
    kind = "sent_by_a_stranger"
    return Item((due,), ((out, matched(kind, due)), (back, waits(kind, "payer_differs"))))


def unlinked_return(source: Source, day: date) -> Item:
    """Money back that does not say what for. In CSV it is only known by the account that it came to."""
    out = source.paid(_owed(source, day), day, note="退汇")
    reason = "return_unlinked" if source.form is Form.CAMT else "no_reference"
    return Item((), ((_returned(source, out), waits("unlinked_return", reason)),))


def _owed(source: Source, day: date) -> Due:
    return source.due(day, side="payer", state="released")


def _returned(source: Source, out: Told) -> Told:
    return replace(out, fen=-out.fen, bank_ref=source.ref(), is_return=True)
