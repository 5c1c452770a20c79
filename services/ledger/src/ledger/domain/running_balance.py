"""The column of running balances that a bank's export has: it tells the order, and that no line is missing."""

from datetime import date, time

from ledger.domain.statement import Line, StatementDoesNotAddUp, StatementRefused
from shared.errors import FieldError
from shared.law import design


class StatementOrderUnclear(StatementRefused):
    """Its balances go through forwards and backwards, to other ends, and nothing tells which it is."""

    code = "statement-order-unclear"


class RunningBalance:
    """Checks a running-balance column line by line, and finds out whether the newest line stands first.

    Both orders stay possible until a line contradicts one; when none is left the file has a gap or an error.
    """

    def __init__(self) -> None:
        self._first: Line | None = None
        self._last: Line | None = None
        self._times = (time.min, time.min)
        self._is_oldest_first_possible = True
        self._is_newest_first_possible = True

    def add(self, line: Line) -> None:
        """Take the next line of the file; raises ``StatementDoesNotAddUp`` naming its entry number."""
        if line.balance_fen is None:
            raise _off(line, "没有余额，无法逐笔核对")
        if self._last is None:
            self._first = self._last = line
            return
        before, after = _balance(self._last), line.balance_fen
        self._is_oldest_first_possible &= before + line.signed_fen == after
        self._is_newest_first_possible &= after + self._last.signed_fen == before
        if not (self._is_oldest_first_possible or self._is_newest_first_possible):
            raise _off(line, "的余额与上下行对不上，文件可能缺行或被改动")
        self._last = line

    def see_times(self, first: time | None, last: time | None) -> None:
        """Take the times of day of the first and the last line, where the file tells both."""
        if first is not None and last is not None:
            self._times = (first, last)

    @property
    def is_newest_first(self) -> bool:
        """Whether the file runs backwards; where the balances allow both, days and times decide."""
        if self._first is None or self._last is None or not self._is_newest_first_possible:
            return False
        return not self._is_oldest_first_possible or self._moment(self._first, 0) > self._moment(self._last, 1)

    @design("an export whose balances go through in both orders is taken where days or times tell which it is")
    def ends(self) -> tuple[int, int]:
        """Opening and closing balance in fen.

        Raises ``StatementRefused`` when there was no line, ``StatementOrderUnclear`` where money came and went again
        so that either order is possible, and all at the same time as far as the file tells.
        """
        if self._first is None or self._last is None:
            raise StatementRefused("文件中没有明细；没有流水的日期不必导入", code="statement-empty")
        onwards, backwards = _ends(self._first, self._last), _ends(self._last, self._first)
        is_either = self._is_oldest_first_possible and self._is_newest_first_possible and onwards != backwards
        if is_either and self._moment(self._first, 0) == self._moment(self._last, 1):
            raise StatementOrderUnclear(
                "文件中的收付正好相抵，又没有先后不同的日期或时间，无法确定次序和期初余额；请连同相邻一日一起导出"
                "（相邻一日已导入的，以 is_supplement=true 上传）"
            )
        return backwards if self.is_newest_first else onwards

    def _moment(self, line: Line, place: int) -> tuple[date, time]:
        return line.booked_on, self._times[place]


def _ends(oldest: Line, newest: Line) -> tuple[int, int]:
    return _balance(oldest) - oldest.signed_fen, _balance(newest)


def _balance(line: Line) -> int:
    if line.balance_fen is None:
        raise _off(line, "没有余额，无法逐笔核对")
    return line.balance_fen


def _off(line: Line, reason: str) -> StatementDoesNotAddUp:
    # A line without a balance of its own is a row's all the same: only rows are checked one by one.
    text = f"第 {line.entry_no} 行{reason}"
    return StatementDoesNotAddUp(text, errors=[FieldError(f"/rows/{line.entry_no}", StatementDoesNotAddUp.code, text)])
