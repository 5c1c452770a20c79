"""Money in that is not as it should be, and money that is none of the transfers' business."""

from dataclasses import replace
from datetime import date, timedelta

from bench.known.source import Source
from bench.known.world import Account, Answer, Item, Shape, Told, matched, waits


def plain(source: Source, day: date) -> Item:
    """As it should be."""
    due = source.due(day)
    return Item((due,), ((source.paid(due, day), matched("plain", due)),))


def off_by_one_fen(source: Source, day: date) -> Item:
    due = source.due(day)
    line = source.paid(due, day, fen=due.amount_fen + source.random.choice((1, -1)))
    return Item((due,), ((line, waits("off_by_one_fen", "amount_differs")),))


def another_name(source: Source, day: date) -> Item:
    due = source.due(day)
    line = source.paid(due, day, note=f"{due.rlts_traf_id} {source.another_name(due.psn_name)}")
    return Item((due,), ((line, waits("another_name", "name_differs")),))


def name_behind_words(source: Source, day: date) -> Item:
    """Another person's name, run together with words."""
    due = source.due(day)
    line = source.paid(due, day, note=f"{due.rlts_traf_id} 误转{source.another_name(due.psn_name)}款")
    return Item((due,), ((line, waits("name_behind_words", "name_differs")),))


def no_note(source: Source, day: date) -> Item:
    due = source.due(day)
    return Item((due,), ((source.paid(due, day, note=""), waits("no_note", "no_reference")),))


def mistyped_number(source: Source, day: date) -> Item:
    due = source.due(day)
    line = source.paid(due, day, note=f"{source.mistyped(due.rlts_traf_id)} {due.psn_name}")
    return Item((due,), ((line, waits("mistyped_number", "no_reference")),))


def unknown_payer(source: Source, day: date) -> Item:
    due = source.due(day)
    line = replace(source.paid(due, day), other_acct=f"9{source.random.randrange(10**15):015}")
    return Item((due,), ((line, waits("unknown_payer", "payer_differs")),))


def other_account(source: Source, day: date) -> Item:
    """The right agency pays from the account that it receives on."""
    due = source.due(day)
    line = replace(source.paid(due, day), other_acct=due.other.payee_bankacct)
    return Item((due,), ((line, waits("other_account", "payer_differs")),))


def on_paper(source: Source, day: date) -> Item:
    due = replace(source.due(day), origin="paper")
    return Item((due,), ((source.paid(due, day), waits("on_paper", "payer_differs")),))


def kept_at_outbound(source: Source, day: date) -> Item:
    """Nothing moves by the sheet: the balance went to the person, or stayed. It was paid all the same."""
    due = source.due(day, state="settled")
    return Item((due,), ((source.paid(due, day), waits("kept_at_outbound", "already_settled")),))


def addendum(source: Source, day: date) -> Item:
    """Money after the sheet has an obligation of its own; the sheet's is open beside it."""
    due = source.due(day)
    added = replace(due, obligation_no="2", amount_fen=due.amount_fen + 1, reason="addendum")
    return Item((due, added), ((source.paid(added, day), matched("addendum", added)),))


def addendum_named(source: Source, day: date) -> Item:
    """The note writes the addendum's number, the amount is the sheet's."""
    due = source.due(day)
    added = replace(due, obligation_no="2", amount_fen=due.amount_fen + 1, reason="addendum")
    line = source.paid(due, day, note=f"{due.rlts_traf_id}-2 {due.psn_name}")
    return Item((due, added), ((line, waits("addendum_named", "amount_differs")),))


def cut_off_day(source: Source, day: date) -> Item:
    """Booked on the day after its value date; only camt tells the two apart."""
    due = source.due(day)
    line = replace(source.paid(due, day), value_on=day - timedelta(days=1))
    return Item((due,), ((line, matched("cut_off_day", due)),))


def money_before_sheet(source: Source, day: date) -> Item:
    return Item((), ((source.paid(source.due(day), day), waits("money_before_sheet", "awaiting_sheet")),))


def closed_case(source: Source, day: date) -> Item:
    due = source.due(day, state="cancelled")
    line = source.paid(due, day, note=f"{due.rlts_traf_id} {due.psn_name}")
    return Item((due,), ((line, waits("closed_case", "case_closed")),))


def left_before_cancelling(source: Source, day: date) -> Item:
    """The ``EndToEndId`` names the very obligation that a later version has overtaken; only camt has that field."""
    due = source.due(day, state="cancelled")
    later = replace(due, obligation_no="2", amount_fen=due.amount_fen + source.fen(), state="open")
    return Item((due, later), ((source.paid(due, day), matched("left_before_cancelling", due)),))


def two_numbers(source: Source, day: date) -> Item:
    due, other = source.due(day), source.due(day)
    line = source.paid(due, day, note=f"{due.rlts_traf_id} {other.rlts_traf_id}")
    return Item((due, other), ((line, waits("two_numbers", "several_references")),))


def interest(source: Source, day: date) -> Item:
    line = Told(Account.INCOME, source.random.randrange(1, 10_000), day, "结息", "", "", source.ref())
    return Item((), ((line, Answer("interest", "other", line_class="interest")),))


def premium(source: Source, day: date) -> Item:
    """Of the agency's other business on a shared account; a rule of its own tells it (``records.RULES``)."""
    payer = f"8{source.random.randrange(10**15):015}"
    line = Told(Account.INCOME, source.fen(), day, f"居民医保费 {day.month} 月", payer, "某街道", source.ref())
    return Item((), ((line, Answer("premium", "other", line_class="other_business")),))


def sweep(source: Source, day: date) -> Item:
    """What was received goes to the 财政专户."""
    line = Told(Account.INCOME, -source.fen(), day, "归集", source.world.treasury_bankacct, "财政专户", source.ref())
    return Item((), ((line, Answer("sweep", "other", line_class="sweep")),))


def fee(source: Source, day: date) -> Item:
    line = Told(Account.EXPENDITURE, -source.random.randrange(1, 5_000), day, "汇划手续费", "", "", source.ref())
    return Item((), ((line, Answer("fee", "other", line_class="fee")),))


def paid_twice(source: Source, day: date) -> Item:
    due, answer = source.due(day), waits("paid_twice", "several_candidates")
    return Item((due,), ((source.paid(due, day), answer), (source.paid(due, day), answer)))


def paid_in_parts(source: Source, day: date) -> Item:
    due, answer = source.due(day), waits("paid_in_parts", "amount_differs")
    part = source.random.randrange(1, due.amount_fen)
    parts = (part, due.amount_fen - part)
    return Item((due,), tuple((source.paid(due, day, fen=fen), answer) for fen in parts))


def one_for_many(source: Source, day: date) -> Item:
    first = source.due(day)
    second = replace(source.due(day), other=first.other)
    line = source.paid(first, day, fen=first.amount_fen + second.amount_fen, note="医保转移 2 人 明细另附")
    return Item((first, second), ((line, waits("one_for_many", "no_reference")),))


def taken_back(source: Source, day: date) -> Item:
    """Received, and taken back by the bank on the same day; only camt says so."""
    due = source.due(day)
    line = source.paid(due, day)
    back = replace(line, fen=-line.fen, bank_ref=source.ref(), is_return=True)
    kind = "taken_back"
    return Item((due,), ((line, matched(kind, due)), (back, waits(kind, "receipt_reversed"))))


def twins(source: Source, day: date) -> Item:
    line = source.paid(source.due(day), day, note="医保转移款")
    answer = waits("twins", "no_reference")
    return Item((), ((line, answer), (line, answer)))


def same_amount_and_day(source: Source, day: date) -> Item:
    first = source.due(day)
    second = replace(source.due(day), amount_fen=first.amount_fen, other=first.other)
    dues = (first, second)
    return Item(dues, tuple((source.paid(due, day), matched("same_amount_and_day", due)) for due in dues))


def foreign_currency(source: Source, day: date) -> Item:
    """Only camt can say so."""
    due = source.due(day)
    line = replace(source.paid(due, day), foreign_currency="USD")
    return Item((due,), ((line, waits("foreign_currency", "foreign_currency")),))


def batch_details(source: Source, day: date) -> Item:
    """One entry of the bank for three people, each in a detail of its own."""
    return _together(source, day, "batch_details", 3, Shape.BATCH)


def told_by_notice(source: Source, day: date) -> Item:
    """The statement's entry says nothing; the notification that came before tells the two payments in it."""
    return _together(source, day, "told_by_notice", 2, Shape.NOTICE)


def _together(source: Source, day: date, kind: str, count: int, shape: Shape) -> Item:
    first = source.due(day)
    dues = (first, *(replace(source.due(day), other=first.other) for _ in range(count - 1)))
    return Item(dues, tuple((source.paid(due, day), matched(kind, due)) for due in dues), shape)
