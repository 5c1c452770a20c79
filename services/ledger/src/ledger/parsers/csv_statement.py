"""A bank's CSV export read through its mapping, its running balance checked line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ledger.domain.statement import (
    CurrencyNotSupported,
    Direction,
    Line,
    RunningBalance,
    StatementHead,
    StatementRefused,
    Totals,
)
from ledger.parsers.amounts import clean_account, clean_cell, read_date, read_fen, short
from ledger.parsers.csv_mapping import Flagged, Headers, Signed
from ledger.parsers.csv_rows import Form, rows_after_header
from ledger.parsers.errors import BadLine, UnsupportedForm


def read_head(file: BinaryIO, form: Form) -> StatementHead:
    """The statement that the whole file makes up; raises a ``StatementRefused``."""
    reader, totals, balance = _RowReader(form), Totals(), RunningBalance()
    for row_no, row in rows_after_header(file, form):
        line = reader.read(row_no, row)
        totals.add(line)
        balance.add(line)
    opening_fen, closing_fen = balance.ends()
    if reader.bankacct is None or totals.first_on is None or totals.last_on is None:
        raise StatementRefused("文件中没有账号或明细", code="statement-empty")
    return StatementHead(
        bankacct=reader.bankacct,
        statement_no=f"{totals.first_on:%Y%m%d}-{totals.last_on:%Y%m%d}",
        currency="CNY",
        period_from=totals.first_on,
        period_to=totals.last_on,
        opening_fen=opening_fen,
        closing_fen=closing_fen,
        totals=totals,
        is_newest_first=balance.is_newest_first,
    )


def read_lines(file: BinaryIO, form: Form) -> Iterator[Line]:
    """Every line in the file's own order."""
    reader = _RowReader(form)
    for row_no, row in rows_after_header(file, form):
        yield reader.read(row_no, row)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each field stands."""

    booked_on: int | None
    value_on: int | None
    balance: int | None
    bankacct: int | None
    currency: int | None
    counterparty_acct: int | None
    counterparty_name: int | None
    bank_ref: int | None
    notes: tuple[int, ...]


class _RowReader:
    """Turns rows into lines, and makes sure that all are of one account and in CNY."""

    def __init__(self, form: Form) -> None:
        self._form = form
        columns, find = form.mapping.columns, form.column
        self._places = _Places(
            find(columns.booked_on),
            find(columns.value_on),
            find(columns.balance),
            find(columns.bankacct),
            find(columns.currency),
            find(columns.counterparty_acct),
            find(columns.counterparty_name),
            find(columns.bank_ref),
            tuple(place for headers in columns.note if (place := find(headers)) is not None),
        )
        kind = form.mapping.amount
        self._amounts = tuple(find(headers) for headers in kind.headers)
        places = (value for value in _every_place(self._places, self._amounts) if value is not None)
        self._width = max(places, default=0) + 1
        self._length = 0
        self.bankacct = _account_in_preamble(form)

    def read(self, row_no: int, row: Sequence[str]) -> Line:
        """The line of one row; raises ``BadLine`` or ``CurrencyNotSupported`` naming the row."""
        if len(row) < self._width:
            raise BadLine(f"第 {row_no} 行的列数少于表头")
        # A comma without quotes moves every field after it; a comma at the end of every row does no harm.
        self._length = self._length or len(row)
        beyond = row[len(self._form.header) :]
        if beyond and (any(beyond) or len(row) != self._length):
            raise BadLine(f"第 {row_no} 行的列数多于表头")
        places = self._places
        self._require_currency(row_no, row)
        self._require_account(row_no, row)
        direction, amount_fen = self._amount(row_no, row)
        try:
            booked_on = read_date(_cell(row, places.booked_on))
            value_on = read_date(_cell(row, places.value_on)) if _cell(row, places.value_on) else booked_on
        except ValueError:
            raise BadLine(f"第 {row_no} 行的日期无法识别") from None
        return Line(
            entry_no=row_no,
            detail_no=1,
            direction=direction,
            amount_fen=amount_fen,
            booked_on=booked_on,
            value_on=value_on,
            bank_ref=short(_cell(row, places.bank_ref)),
            note=short(" ".join(text for place in places.notes if (text := _cell(row, place)))),
            counterparty_acct=clean_account(_cell(row, places.counterparty_acct))[:64] or None,
            counterparty_name=short(_cell(row, places.counterparty_name)),
            balance_fen=self._fen(row_no, _cell(row, places.balance), "余额"),
            is_return=False,
        )

    def _amount(self, row_no: int, row: Sequence[str]) -> tuple[Direction, int]:
        kind = self._form.mapping.amount
        first, second = self._amounts[0], self._amounts[-1]
        if isinstance(kind, Signed):
            signed = self._money(row_no, row, first, kind.amount)
        elif isinstance(kind, Flagged):
            signed = self._money(row_no, row, first, kind.amount) * self._sign(row_no, row, second, kind)
        else:
            into = self._money(row_no, row, first, kind.money_in)
            out = self._money(row_no, row, second, kind.money_out)
            if into and out:
                raise BadLine(f"第 {row_no} 行的收入和支出同时有金额")
            # A negative figure is the bank's own correction (红字) in that column.
            signed = into - out
        if signed == 0:
            raise BadLine(f"第 {row_no} 行没有金额")
        return (Direction.CREDIT, signed) if signed > 0 else (Direction.DEBIT, -signed)

    @staticmethod
    def _sign(row_no: int, row: Sequence[str], place: int | None, kind: Flagged) -> int:
        flag = _cell(row, place)
        if flag in kind.in_values:
            return 1
        if flag in kind.out_values:
            return -1
        raise BadLine(f"第 {row_no} 行的借贷标志无法识别")

    def _money(self, row_no: int, row: Sequence[str], place: int | None, headers: Headers) -> int:
        text = _cell(row, place)
        return self._fen(row_no, text, headers[0]) if text not in ("", "-") else 0

    @staticmethod
    def _fen(row_no: int, text: str, name: str) -> int:
        try:
            return read_fen(text)
        except ValueError:
            raise BadLine(f"第 {row_no} 行的“{name}”不是有效金额") from None

    def _require_currency(self, row_no: int, row: Sequence[str]) -> None:
        currency = _cell(row, self._places.currency)
        if currency and currency.upper() not in self._form.mapping.currency_names:
            raise CurrencyNotSupported(f"第 {row_no} 行的币种不是人民币")

    def _require_account(self, row_no: int, row: Sequence[str]) -> None:
        if self._places.bankacct is None:
            return
        account = clean_account(row[self._places.bankacct])
        if not account:
            raise BadLine(f"第 {row_no} 行缺少账号")
        if self.bankacct is None:
            self.bankacct = account
        if account != self.bankacct:
            raise UnsupportedForm("一个 CSV 文件只能包含一个账户的明细", code="statement-several-accounts")


def _account_in_preamble(form: Form) -> str | None:
    label = form.mapping.bankacct_label
    if label is None:
        return None
    for row in form.preamble:
        cells = [clean_cell(cell) for cell in row]
        for index, cell in enumerate(cells):
            if cell.startswith(label):
                rest = cell.removeprefix(label).lstrip(":：") or (cells[index + 1] if index + 1 < len(cells) else "")
                return clean_account(rest) or None
    raise BadLine("文件开头没有账号")


def _every_place(places: _Places, amounts: Sequence[int | None]) -> Iterator[int | None]:
    yield from (getattr(places, name) for name in places.__dataclass_fields__ if name != "notes")
    yield from places.notes
    yield from amounts


def _cell(row: Sequence[str], place: int | None) -> str:
    return "" if place is None else clean_cell(row[place])
