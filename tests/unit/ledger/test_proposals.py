"""Which shares of lines may stand for which obligations: every rule that is broken is named with its part."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.obligations import BookSide, Direction, ObligationState
from ledger.domain.orders import OrderState
from ledger.domain.proposals import (
    ClaimableLine,
    ClaimableObligation,
    Part,
    ProposalNotPossible,
    Standing,
    part_kind,
    require_possible,
)
from ledger.domain.statement import Direction as LineDirection
from ledger.domain.suspense import LineKind
from ledger.domain.titles import EMPLOYEE_FUND
from ledger.domain.two_people import SamePerson, require_other_person

DAY = date(2026, 3, 2)
C, D = LineDirection.CREDIT, LineDirection.DEBIT
S, O = ObligationState, OrderState  # noqa: E741


def line(
    number: int, fen: int, direction: LineDirection = C, *, left: int | None = None, waits: bool = True
) -> ClaimableLine:
    kind = LineKind.RECEIPT if direction is C else LineKind.PAYMENT
    return ClaimableLine(number, direction, kind, fen, fen if left is None else left, waits, False, DAY, EMPLOYEE_FUND)


def due(number: int, fen: int, claimed: int = 0, state: ObligationState = S.OPEN) -> ClaimableObligation:
    """Money that we wait for."""
    case = f"CASE{number}"
    return ClaimableObligation(
        number, BookSide.PAYEE, Direction.PAY, case, "1", "张三", fen, claimed, state, None, is_doubtful=False
    )


def owed(number: int, fen: int, order: OrderState, state: ObligationState = S.OPEN) -> ClaimableObligation:
    """Money that our own order moves."""
    case = f"CASE{number}"
    return ClaimableObligation(
        number, BookSide.PAYER, Direction.PAY, case, "1", "张三", fen, 0, state, order, is_doubtful=False
    )


REVERSAL = replace(line(6, 100, D), is_return=True)
LINES = {
    one.id: one
    for one in (
        *(line(1, 100), line(2, 50), line(3, 100, left=40), line(4, 100, waits=False, left=0), line(5, 100, D)),
        *(REVERSAL, line(7, 100, waits=False, left=0), replace(line(8, 100), fund="390")),
    )
}
OBLIGATIONS = {
    one.id: one
    for one in (
        due(1, 100),
        due(2, 150, claimed=30),
        due(3, 100, state=S.MATCHED),
        due(4, 100, state=S.CANCELLED),
        owed(5, 100, O.RELEASED),
        owed(6, 100, O.READY),
        owed(7, 100, O.PAID, S.PAID),
        owed(8, 60, O.RELEASED),
        replace(owed(9, 100, O.READY), side=BookSide.PAYEE, direction=Direction.RETURN),
        replace(owed(10, 100, O.READY), state=S.RETURNED, order_state=None),
        replace(owed(11, 100, O.READY), state=S.RETURNED, order_state=None),
    )
}
PAIRS = {(4, 3): 77, (3, 2): 78, (7, 10): 79, (7, 11): 80, (2, 11): 81}
CAME_BACK = {10: frozenset({79}), 11: frozenset({80, 81})}


def part(line_id: int, obligation_id: int, fen: int, undoes: int | None = None) -> Part:
    return Part(line_id, obligation_id, part_kind(LINES[line_id], OBLIGATIONS[obligation_id]), fen, undoes)


def standing() -> Standing:
    return Standing(LINES, OBLIGATIONS, dict(PAIRS), came_back=CAME_BACK)


def fixed() -> Standing:
    """Another payment has left in the place of the one that came back."""
    return Standing(LINES, OBLIGATIONS, dict(PAIRS), frozenset({79}))


@pytest.mark.parametrize(
    "parts",
    [
        [part(1, 1, 100)],
        [part(1, 1, 60)],
        [part(1, 2, 70), part(2, 2, 50)],
        [part(2, 1, 20), part(2, 2, 30)],
        [part(3, 1, 40)],
        [part(5, 5, 100)],
        [part(5, 6, 100)],
        [part(1, 7, 100)],
        [part(1, 7, 60), part(3, 7, 40)],
        [part(3, 2, 30, undoes=78), part(3, 1, 70)],
        [part(4, 3, 100, undoes=77), part(4, 1, 100), part(1, 3, 100)],
        # The bank has taken back what had come in: it may be what we owe back.
        [part(6, 9, 100)],
        # What came back was another payment.
        [part(7, 10, 100, undoes=79)],
        [part(7, 10, 100, undoes=79), part(7, 7, 100)],
        # It came back by two lines.
        [part(7, 11, 60, undoes=80), part(2, 11, 40, undoes=81)],
    ],
)
def test_what_fits_is_possible(parts: list[Part]) -> None:
    require_possible(parts, standing())


@pytest.mark.parametrize(
    ("parts", "errors"),
    [
        ([part(1, 1, 101)], [("/parts/0", "line-exceeded")]),
        ([part(1, 2, 100), part(2, 2, 21)], [("/parts/1", "obligation-exceeded")]),
        ([part(3, 1, 41)], [("/parts/0", "line-exceeded")]),
        ([part(1, 1, 50), part(1, 1, 50)], [("/parts/1", "already-claimed")]),
        ([part(3, 2, 10)], [("/parts/0", "already-claimed")]),
        ([part(4, 1, 1), part(1, 4, 1)], [("/parts/0", "line-not-waiting"), ("/parts/1", "obligation-not-open")]),
        ([part(1, 3, 100)], [("/parts/0", "obligation-not-open")]),
        ([part(8, 1, 100)], [("/parts/0", "other-fund")]),
        ([part(5, 1, 100)], [("/parts/0", "wrong-direction")]),
        ([part(5, 5, 60)], [("/parts/0", "payment-not-whole")]),
        ([part(5, 7, 100)], [("/parts/0", "order-not-open")]),
        ([part(6, 5, 100)], [("/parts/0", "wrong-direction")]),
        ([part(1, 5, 100)], [("/parts/0", "order-not-paid")]),
        ([part(1, 7, 40)], [("/parts/0", "return-not-whole")]),
        ([part(1, 7, 70), part(3, 7, 40)], [("/parts/1", "return-not-whole")]),
        ([part(1, 7, 100), part(2, 7, 1)], [("/parts/1", "order-not-paid")]),
        ([part(7, 11, 60, undoes=80)], [("/undone/0", "return-kept-in-part")]),
        ([part(4, 3, 100, undoes=77)], [("/undone/0", "left-uncovered")]),
        ([part(4, 3, 100, undoes=99)], [("/undone/0", "claim-not-standing")]),
        ([part(4, 3, 100, undoes=77), part(2, 3, 50)], [("/undone/0", "left-uncovered")]),
    ],
)
def test_what_does_not_fit_is_named_by_part(parts: list[Part], errors: list[tuple[str, str]]) -> None:
    before = standing()
    with pytest.raises(ProposalNotPossible) as refused:
        require_possible(parts, before)
    assert [(one.pointer, one.code) for one in refused.value.errors] == errors
    assert before == standing()


def test_a_return_stands_once_another_payment_has_left() -> None:
    with pytest.raises(ProposalNotPossible) as refused:
        require_possible([part(7, 10, 100, undoes=79)], fixed())
    assert [one.code for one in refused.value.errors] == ["claim-fixed"]


def test_one_after_another_finds_only_what_is_left() -> None:
    together = standing()
    require_possible([part(1, 1, 60)], together)
    with pytest.raises(ProposalNotPossible, match="40"):
        require_possible([part(2, 1, 50)], together)
    require_possible([part(2, 1, 40)], together)
    lines = LINES | {9: line(9, 100)}
    returns = Standing(lines, OBLIGATIONS, {})
    require_possible([part(1, 7, 100)], returns)
    with pytest.raises(ProposalNotPossible):
        require_possible([Part(9, 7, LineKind.RETURN, 100)], returns)


def test_nobody_decides_what_they_proposed() -> None:
    require_other_person("zhang", "li", "须由两人办理")
    with pytest.raises(SamePerson, match="须由两人办理"):
        require_other_person("zhang", "zhang", "须由两人办理")
