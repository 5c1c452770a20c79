"""What makes an export of days that were told before a mere continuation, and what does not."""

from dataclasses import dataclass
from datetime import date

import pytest

from ledger.domain.restated import ToldLine
from ledger.domain.statement import Direction, StatementHead
from ledger.domain.supplement import NotASupplement, continued, require_supplement

FIRST, LAST, AFTER = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


@dataclass(frozen=True)
class Told:
    period_from: date = FIRST
    period_to: date = LAST
    opening_fen: int = 1000
    closing_fen: int = 1270
    line_count: int = 3
    content_digest: str | None = None
    part_no: int = 1


def line(fen: int, on: date) -> ToldLine:
    direction = Direction.CREDIT if fen > 0 else Direction.DEBIT
    return ToldLine(on, direction, abs(fen), None, None, None, None)


BEFORE = [line(100, FIRST), line(200, LAST), line(-30, LAST)]
MORE = line(7, LAST)


def head(since: date = FIRST, until: date = LAST, opening: int = 1000) -> StatementHead:
    return StatementHead("123", "S2", "CNY", since, until, opening, 0)


@pytest.mark.parametrize(
    ("told_again", "before", "again"),
    [
        (head(), BEFORE, [*BEFORE, MORE]),
        (head(until=AFTER), BEFORE, [*BEFORE, line(1, AFTER), MORE]),
        (head(since=LAST, opening=1100), BEFORE[1:], [*BEFORE[1:], MORE]),
        (head(), BEFORE, [*BEFORE, line(-30, LAST)]),
    ],
    ids=["more of the last day", "a further day too", "the last day alone", "a twin of what was told"],
)
def test_what_is_only_more_goes_on(told_again: StatementHead, before: list[ToldLine], again: list[ToldLine]) -> None:
    require_supplement(0, told_again, Told(), before, again)


@pytest.mark.parametrize(
    ("told_again", "again", "codes"),
    [
        (head(), [*BEFORE[:2], MORE], {"line-missing"}),
        (head(), [*BEFORE, line(5, FIRST)], {"line-too-early"}),
        (head(until=FIRST), [*BEFORE, MORE], {"period-ends-early"}),
        (head(opening=999), [*BEFORE, MORE], {"opening-differs"}),
        (head(opening=0), [line(9, FIRST)], {"line-missing", "line-too-early", "opening-differs"}),
    ],
)
def test_whatever_else_differs_is_named(told_again: StatementHead, again: list[ToldLine], codes: set[str]) -> None:
    with pytest.raises(NotASupplement) as refused:
        require_supplement(2, told_again, Told(), BEFORE, again)
    assert {error.code for error in refused.value.errors} == codes
    assert {error.pointer for error in refused.value.errors} == {"/statements/2/lines"}


def test_what_is_new_opens_where_the_told_closed() -> None:
    part = continued(head(until=AFTER), Told(part_no=2), head().totals)
    assert (part.period_from, part.period_to, part.opening_fen, part.part_no) == (LAST, AFTER, 1270, 3)
