"""A bank statement as every form is read into it, and the arithmetic that it must satisfy."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from shared.errors import FieldError, InvalidInput
from shared.money import format_yuan

MAX_TURNOVER_FEN = 10**17
"""What one statement may move either way: far beyond any fund, far below what the books can hold (2^63 - 1)."""


class StatementRefused(InvalidInput):
    """A statement file that is refused whole."""

    code = "statement-refused"


class StatementDoesNotAddUp(StatementRefused):
    """Opening balance plus lines is not the closing balance, or a running balance breaks."""

    code = "statement-does-not-add-up"


class StatementFutureDated(StatementRefused):
    """It tells days that have not come yet."""

    code = "statement-future-dated"


class StatementsOverlap(StatementRefused):
    """Two statements of one file tell the same day of an account."""

    code = "statement-overlaps"


class CurrencyNotSupported(StatementRefused):
    """Only CNY is kept in these books."""

    code = "statement-currency-not-cny"


class Direction(StrEnum):
    """As the bank says it to its customer: credit is money in."""

    CREDIT = "C"
    DEBIT = "D"


_DIRECTIONS = {direction: repr(direction) for direction in Direction}
_day = lru_cache(maxsize=1024)(repr)


class Line(NamedTuple):
    """One movement; ``amount_fen`` > 0, always CNY. ``entry_no`` groups the details of one batch entry.

    ``foreign_currency``: the payment was made in that one. ``entry_ref``: the bank's number of the whole entry.
    A tuple, since a file may have a million: a frozen dataclass takes five times as long to make.
    """

    entry_no: int
    detail_no: int
    direction: Direction
    amount_fen: int
    booked_on: date
    value_on: date
    bank_ref: str | None = None
    end_to_end_id: str | None = None
    note: str | None = None
    counterparty_acct: str | None = None
    counterparty_name: str | None = None
    balance_fen: int | None = None
    is_return: bool = False
    return_reason: str | None = None
    # Outside of the digest: statements that were kept before these fields stay the same.
    foreign_currency: str | None = None
    entry_ref: str | None = None

    @property
    def told(self) -> str:
        """What the digest of a statement is made of: as ``repr`` had it when the first ones were kept."""
        return (
            f"Line(entry_no={self.entry_no}, detail_no={self.detail_no}, direction={_DIRECTIONS[self.direction]},"
            f" amount_fen={self.amount_fen}, booked_on={_day(self.booked_on)}, value_on={_day(self.value_on)},"
            f" bank_ref={self.bank_ref!r}, end_to_end_id={self.end_to_end_id!r}, note={self.note!r},"
            f" counterparty_acct={self.counterparty_acct!r}, counterparty_name={self.counterparty_name!r},"
            f" balance_fen={self.balance_fen}, is_return={self.is_return}, return_reason={self.return_reason!r})"
        )

    @property
    def signed_fen(self) -> int:
        """The effect on the account's balance."""
        return self.amount_fen if self.direction is Direction.CREDIT else -self.amount_fen

    @property
    def pointer(self) -> str:
        """Where it stands in its file: only exports of rows have running balances, and number lines by their rows."""
        return f"/lines/{self.entry_no}" if self.balance_fen is None else f"/rows/{self.entry_no}"

    @property
    def place(self) -> str:
        """The same for people."""
        return f"第 {self.entry_no} {'笔' if self.balance_fen is None else '行'}"


@dataclass(slots=True)
class Totals:
    """Sums over lines, kept while they stream past."""

    line_count: int = 0
    credit_fen: int = 0
    debit_fen: int = 0
    first: Line | None = None
    last: Line | None = None
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256, repr=False, compare=False)

    def add(self, line: Line) -> None:
        """Count one more line."""
        self._hash.update(line.told.encode("utf-8", errors="replace"))
        self.line_count += 1
        if line.direction is Direction.CREDIT:
            self.credit_fen += line.amount_fen
        else:
            self.debit_fen += line.amount_fen
        if self.first is None or line.booked_on < self.first.booked_on:
            self.first = line
        if self.last is None or line.booked_on > self.last.booked_on:
            self.last = line

    @property
    def first_on(self) -> date | None:
        """The earliest booking day."""
        return None if self.first is None else self.first.booked_on

    @property
    def last_on(self) -> date | None:
        """The latest booking day."""
        return None if self.last is None else self.last.booked_on

    @property
    def content_digest(self) -> str:
        """SHA-256 (hex) over all lines added: a bank writes the same statement with another date of making."""
        return self._hash.hexdigest()

    @property
    def net_fen(self) -> int:
        """Credits less debits."""
        return self.credit_fen - self.debit_fen


@dataclass(frozen=True, slots=True)
class StatementHead:
    """One statement of a file. ``statement_no`` is the bank's, or made of the period where it gives none.

    ``is_opening_computed``: the bank told no opening balance, so that only the statement before can confirm it.
    ``part_no``: 2, 3, … where it goes on with a day of which an earlier statement told the beginning.
    ``sequence_no``: how the bank counts the account's statements, where it does.
    ``is_period_of_lines``: the bank told no period, so that it is from the first line's day to the last one's.
    """

    bankacct: str
    statement_no: str
    currency: str
    period_from: date
    period_to: date
    opening_fen: int
    closing_fen: int
    totals: Totals = field(default_factory=Totals)
    is_newest_first: bool = False
    is_opening_computed: bool = False
    part_no: int = 1
    sequence_no: int | None = None
    is_period_of_lines: bool = False

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that it tells."""
        return self.period_from, self.period_to


def require_sound(head: StatementHead) -> None:
    """Returns when the statement is in CNY, opening + lines = closing, and its lines are of its days.

    Raises a ``StatementRefused`` that names the statement, and the line where one is at fault.
    """
    name = f"对账单 {head.statement_no} "
    if head.currency != "CNY":
        raise CurrencyNotSupported(f"{name}的币种为 {head.currency[:8]}，只接受人民币（CNY）")
    if max(head.totals.credit_fen, head.totals.debit_fen) > MAX_TURNOVER_FEN:
        raise StatementRefused(f"{name}的发生额合计超出系统可记账的范围", code="statement-too-large")
    if head.period_from > head.period_to:
        raise StatementRefused(f"{name}的起止日期颠倒")
    difference = head.opening_fen + head.totals.net_fen - head.closing_fen
    if difference:
        reason = f"期初余额加减本期发生额与期末余额相差 {format_yuan(difference)} 元"
        error = FieldError("/closing_balance", StatementDoesNotAddUp.code, reason)
        raise StatementDoesNotAddUp(f"{name}的{reason}，整份对账单不予入账", errors=[error])
    first, last = head.totals.first, head.totals.last
    if first is not None and first.booked_on < head.period_from:
        raise _outside(name, first)
    if last is not None and last.booked_on > head.period_to:
        raise _outside(name, last)


def require_apart(heads: Sequence[StatementHead]) -> None:
    """Returns when no day of an account is told by two of the statements; raises ``StatementsOverlap``."""
    ordered = sorted(enumerate(heads), key=lambda each: (each[1].bankacct, each[1].period_from, each[0]))
    for (_, one), (index, other) in pairwise(ordered):
        if one.bankacct == other.bankacct and other.period_from <= one.period_to:
            reason = f"对账单 {one.statement_no} 与 {other.statement_no} 有同一账户的同一天"
            error = FieldError(f"/statements/{index}", StatementsOverlap.code, reason)
            raise StatementsOverlap(f"文件中的{reason}，整份文件不予入账", errors=[error])


def require_past(head: StatementHead, today: date) -> None:
    """Returns when the statement tells no day after ``today`` (Shanghai); raises ``StatementFutureDated``."""
    line = head.totals.last
    if line is not None and line.booked_on > today:
        text = f"{line.place}的记账日期 {line.booked_on} 在今天之后"
        error = FieldError(line.pointer, StatementFutureDated.code, text)
        raise StatementFutureDated(f"{text}，整份文件不予入账", errors=[error])
    if head.period_to > today:
        raise StatementFutureDated(f"对账单 {head.statement_no} 的日期 {head.period_to} 在今天之后，整份文件不予入账")


def _outside(name: str, line: Line) -> StatementRefused:
    code = "statement-line-outside-period"
    text = f"{name}{line.place}的记账日期 {line.booked_on} 不在对账单的起止日期之内"
    return StatementRefused(text, code=code, errors=[FieldError(line.pointer, code, text)])
