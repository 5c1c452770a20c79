"""The money's state is a function of the facts, whatever their order."""

import random
from datetime import date, timedelta

import pytest

from platform_gateway.domain.money import MoneyFact, MoneyFactKind, MoneyState, SealedAmount, is_done, money_state
from shared.contracts.codes import AcctDisposition as To

DAY = date(2026, 3, 2)
K, M = MoneyFactKind, MoneyState


def sheet(amount: int = 100, to: To = To.TRANSFER, version: int = 1) -> SealedAmount:
    return SealedAmount(version, amount, to)


def paid(amount: int = 100, day: int = 0) -> MoneyFact:
    return MoneyFact(K.PAID, amount, DAY + timedelta(day), "1")


def received(amount: int = 100, day: int = 0, receipt: str = "R1", suspense: str | None = None) -> MoneyFact:
    return MoneyFact(K.RECEIVED, amount, DAY + timedelta(day), None, receipt, suspense)


def matched(amount: int = 100, receipt: str = "R1", day: int = 0) -> MoneyFact:
    return MoneyFact(K.MATCHED, amount, DAY + timedelta(day), "1", receipt)


def credited(amount: int = 100) -> MoneyFact:
    return MoneyFact(K.CREDITED, amount, DAY, "1")


def came_back(amount: int = 100, day: int = 0) -> MoneyFact:
    return MoneyFact(K.RETURNED, amount, DAY + timedelta(day), "1")


def reversed_(amount: int) -> MoneyFact:
    return MoneyFact(K.REVERSED, amount, DAY, "2")


def refunded(amount: int) -> MoneyFact:
    return MoneyFact(K.REFUNDED, amount, DAY, "2")


def settled(amount: int = 100) -> MoneyFact:
    return MoneyFact(K.SETTLED_OTHERWISE, amount, DAY)


@pytest.mark.parametrize(
    ("sheets", "facts", "expected"),
    [
        ([], [], M.UNKNOWN),
        ([], [received()], M.UNKNOWN),
        ([sheet()], [], M.AWAITING_PAYMENT),
        ([sheet()], [paid()], M.PAID),
        ([sheet()], [paid(), received()], M.RECEIVED),
        ([sheet()], [received()], M.RECEIVED),
        ([sheet()], [received(), matched()], M.MATCHED),
        ([sheet()], [matched()], M.MATCHED),
        ([sheet()], [paid(), received(), matched(), credited()], M.CREDITED),
        ([sheet()], [credited()], M.CREDITED),
        ([sheet()], [paid(99), received(99, suspense="amount-differs")], M.MISMATCHED),
        ([sheet()], [paid(), received(suspense="no-sheet"), matched()], M.MATCHED),
        ([sheet()], [paid(), received(60, suspense="amount-differs"), received(40, receipt="R2")], M.MISMATCHED),
        ([sheet()], [paid(), received(60), matched(60), matched(40, receipt="R2")], M.MATCHED),
        ([sheet()], [paid(), received(suspense="name-differs"), received(0, suspense="elsewhere")], M.PAID),
        ([sheet()], [paid(), came_back()], M.RETURNED_TO_PAYER),
        ([sheet()], [paid(), received(), came_back(day=1)], M.RETURNED_TO_PAYER),
        ([sheet()], [paid(), received(), came_back(day=1), paid(day=2)], M.PAID),
        ([sheet()], [paid(), came_back(day=1), paid(day=2), received(day=2)], M.RECEIVED),
        ([sheet()], [paid(), came_back(), settled()], M.SETTLED_OTHERWISE),
        ([sheet()], [credited(150)], M.MISMATCHED),
        ([sheet(0)], [], M.NONE),
        ([sheet(0)], [paid()], M.MISMATCHED),
        ([sheet(0, To.NONE)], [], M.NONE),
        ([sheet(0, To.REFUNDED_TO_PERSON)], [], M.AWAITING_PAYMENT),
        ([sheet(0, To.REFUNDED_TO_PERSON)], [settled()], M.SETTLED_OTHERWISE),
        ([sheet(0, To.RETAINED_AT_OUTBOUND)], [settled(0)], M.SETTLED_OTHERWISE),
        ([sheet(0, To.REFUNDED_TO_PERSON)], [settled(), received()], M.MISMATCHED),
        # A new version owes only the difference, or wants some back.
        ([sheet(), sheet(120, version=2)], [paid(), received(), matched(), credited()], M.AWAITING_PAYMENT),
        ([sheet(), sheet(120, version=2)], [paid(), received(), matched(), credited(), paid(20)], M.PAID),
        ([sheet(), sheet(100, version=2)], [paid(), received(), matched(), credited()], M.CREDITED),
        ([sheet(), sheet(80, version=2)], [paid(), received(), matched(), credited()], M.MISMATCHED),
        ([sheet(), sheet(80, version=2)], [paid(), received(), matched(), credited(), reversed_(20)], M.MISMATCHED),
        (
            [sheet(), sheet(80, version=2)],
            [paid(), received(), matched(), credited(), reversed_(20), refunded(20)],
            M.CREDITED,
        ),
        ([sheet(), sheet(80, version=2)], [paid(), received(), matched(), refunded(20)], M.MATCHED),
        ([sheet(), sheet(0, version=2)], [paid(), received(), matched(), refunded(100)], M.NONE),
    ],
)
def test_state(sheets: list[SealedAmount], facts: list[MoneyFact], expected: MoneyState) -> None:
    shuffler = random.Random(20260302)  # only an order
    for _ in range(6):
        shuffler.shuffle(facts)
        shuffler.shuffle(sheets)
        assert money_state(sheets, facts) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], M.NONE),
        ([paid()], M.MISMATCHED),
        ([paid(), received(), matched()], M.MISMATCHED),
        ([paid(), received(), matched(), credited(), reversed_(100)], M.MISMATCHED),
        ([paid(), received(), matched(), credited(), reversed_(100), refunded(100)], M.RETURNED_TO_PAYER),
        ([paid(), received(), matched(), refunded(100)], M.RETURNED_TO_PAYER),
        ([paid(), came_back()], M.RETURNED_TO_PAYER),
    ],
)
def test_everything_comes_back_after_a_termination(facts: list[MoneyFact], expected: MoneyState) -> None:
    assert money_state([sheet()], facts, is_void=True) is expected


@pytest.mark.parametrize(
    ("sheets", "facts", "expected"),
    [
        ([sheet()], [paid(), matched(), received(receipt="R2"), matched(0), matched(receipt="R2")], M.MATCHED),
        ([sheet()], [paid(), matched(), matched(0), matched()], M.MATCHED),
        ([sheet(), sheet(130, version=2)], [paid(), matched(), matched(0), matched(receipt="R2")], M.AWAITING_PAYMENT),
    ],
)
def test_the_ledgers_last_word_on_a_match_counts(
    sheets: list[SealedAmount], facts: list[MoneyFact], expected: MoneyState
) -> None:
    assert money_state(sheets, facts) is expected


def test_only_what_owes_nothing_is_done() -> None:
    assert {state for state in M if is_done(state)} == {M.NONE, M.CREDITED, M.SETTLED_OTHERWISE}
