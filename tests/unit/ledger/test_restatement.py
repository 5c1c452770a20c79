"""A corrected statement beside what was told: what differs, and what it may not take the place of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.domain.restated import ToldLine
from ledger.domain.restatement import (
    KeptLine,
    NotARestatement,
    Obstacle,
    RestatementBlocked,
    asked_for,
    difference,
    leaves_next,
    mirror,
    opening_shift,
    require_last_statement,
    require_same_days,
    require_unblocked,
)
from ledger.domain.statement import Direction, Line, StatementHead
from ledger.repository.statements import ToldBefore

DAY = date(2026, 3, 2)


def line(fen: int, ref: str | None = None, on: date = DAY) -> Line:
    direction = Direction.CREDIT if fen > 0 else Direction.DEBIT
    return Line(1, 1, direction, abs(fen), on, on, bank_ref=ref)


def kept(number: int, fen: int, ref: str | None = None, *, is_free: bool = True) -> KeptLine:
    return KeptLine(number, ToldLine.of(line(fen, ref)), is_free)


@pytest.mark.parametrize(
    ("before", "again", "gone", "added"),
    [
        ([kept(1, 100), kept(2, 50)], [line(100)], (2,), []),
        ([kept(1, 100)], [line(100), line(-7)], (), [-7]),
        ([kept(1, 100, "A")], [line(100, "B")], (1,), [100]),
        # Of twins the one goes that nothing was done with.
        ([kept(1, 100), kept(2, 100, is_free=False)], [line(100)], (1,), []),
        ([kept(1, 100, is_free=False), kept(2, 100)], [line(100), line(100), line(100)], (), [100]),
    ],
)
def test_only_what_differs_is_replaced(
    before: list[KeptLine], again: list[Line], gone: tuple[int, ...], added: list[int]
) -> None:
    found = difference(before, again)
    assert (found.gone, [one.signed_fen for one in found.added], found.first_on) == (gone, added, DAY)


def test_what_is_gone_is_taken_back_the_other_way_on_its_own_day_and_names_nobody() -> None:
    told = replace(ToldLine.of(line(100, "A")), note="张三", end_to_end_id="E1", counterparty_acct="622")
    back = mirror(7, told, DAY - timedelta(days=1), 3)
    assert (back.signed_fen, back.booked_on, back.value_on) == (-100, DAY, DAY - timedelta(days=1))
    assert (back.note, back.end_to_end_id, back.counterparty_acct) == ("银行更正对账单，冲销流水 7", None, None)
    assert mirror(8, ToldLine.of(line(-40)), DAY, 1).signed_fen == 40


HEAD = StatementHead("1", "1", "CNY", DAY, DAY, 1000, 1100)
TOLD = ToldBefore(None, DAY, DAY, 1000, 1050, 1, "x", 1)  # type: ignore[arg-type]
LATER = DAY + timedelta(days=1)
QUIET = replace(HEAD, is_period_of_lines=True)


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (lambda: difference([kept(1, 100)], [line(100)]), "没有不同"),
        (lambda: difference([], [line(1 + number) for number in range(501)]), "500"),
        (lambda: require_same_days(HEAD, None), "还没有导入"),
        (lambda: require_same_days(replace(HEAD, period_to=LATER), TOLD), "同一期间"),
        (lambda: require_same_days(replace(QUIET, period_to=LATER), TOLD), "period_from"),
        (lambda: asked_for(HEAD, (DAY, LATER)), "载明了期间"),
        (lambda: asked_for(QUIET, (LATER, LATER)), "不都在"),
        (lambda: opening_shift(replace(HEAD, opening_fen=900), TOLD, None), "先导入前一日"),
        (lambda: opening_shift(replace(HEAD, opening_fen=900), TOLD, 1000), "依次先替换此前各份"),
        (lambda: require_last_statement(difference([], [line(1)]), LATER), "逐份替换"),
    ],
)
def test_what_cannot_be_replaced_says_why(refused: Callable[[], object], says: str) -> None:
    with pytest.raises(NotARestatement, match=says):
        refused()


def test_days_that_were_asked_for_are_of_a_statement_that_tells_none() -> None:
    assert asked_for(HEAD, None) is HEAD
    asked = asked_for(QUIET, (DAY, LATER))
    assert (asked.days, asked.statement_no) == ((DAY, LATER), f"{DAY:%Y%m%d}-{LATER:%Y%m%d}")


def test_balances_move_from_one_statement_to_the_next() -> None:
    assert require_same_days(HEAD, TOLD) is TOLD
    assert [opening_shift(HEAD, TOLD, before) for before in (None, 1000, 900)] == [0, 0, 0]
    moved = replace(HEAD, opening_fen=1005)
    assert opening_shift(moved, TOLD, 1005) == 5
    found = difference([kept(1, 100)], [line(100)], is_moved=True)
    assert (found.gone, found.added, found.first_on) == ((), (), None)
    require_last_statement(found, LATER)
    assert leaves_next(1100, 1050, 1050)
    assert [leaves_next(1100, 1050, None), leaves_next(1100, 1050, 1100), leaves_next(1050, 1050, 1050)] == [False] * 3


def test_every_line_that_was_acted_on_is_named() -> None:
    require_unblocked([1, 2], {})
    with pytest.raises(RestatementBlocked) as refused:
        require_unblocked([1, 2, 3], {2: Obstacle.UNDER_WAY, 3: Obstacle.GOING_BACK})
    named = [(one.pointer, one.code) for one in refused.value.errors]
    assert named == [("/gone/1", "under-way"), ("/gone/2", "going-back")]
