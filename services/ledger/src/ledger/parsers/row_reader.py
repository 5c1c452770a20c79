"""One row of a bank's export as a line, by the bank's mapping."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from ledger.domain.statement import CurrencyNotSupported, Direction, Line
from ledger.parsers.amounts import clean_account, clean_cells, read_date, read_fen, read_time, short
from ledger.parsers.errors import BadLine, UnsupportedForm
from ledger.parsers.forms import Form
from ledger.parsers.mapping import Flagged, Headers, TwoColumns
from ledger.parsers.text_rows import Row
from shared.errors import FieldError

_NOTHING = frozenset({"", "-", "--"})


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each field stands; ``parties`` is payer account, payer, payee account, payee."""

    booked_on: int | None
    booked_at: int | None
    value_on: int | None
    balance: int | None
    bankacct: int | None
    currency: int | None
    counterparty_acct: int | None
    counterparty_name: int | None
    bank_ref: int | None
    notes: tuple[int, ...]
    parties: tuple[int | None, ...]
    amounts: tuple[int | None, ...]

    @classmethod
    def of(cls, form: Form) -> "_Places":
        columns, find = form.mapping.columns, form.column
        return cls(
            find(columns.booked_on),
            find(columns.booked_at),
            find(columns.value_on),
            find(columns.balance),
            find(columns.bankacct),
            find(columns.currency),
            find(columns.counterparty_acct),
            find(columns.counterparty_name),
            find(columns.bank_ref),
            tuple(place for headers in columns.note if (place := find(headers)) is not None),
            tuple(find(headers) for headers in form.mapping.parties.headers) if form.mapping.parties else (),
            tuple(find(headers) for headers in form.amount.headers),
        )

    def __iter__(self) -> Iterator[int]:
        single = (self.booked_on, self.booked_at, self.value_on, self.balance, self.bankacct, self.currency)
        counterparty = (self.counterparty_acct, self.counterparty_name, self.bank_ref)
        every = (*single, *counterparty, *self.notes, *self.parties, *self.amounts)
        return (place for place in every if place is not None)


class RowReader:
    """Turns rows into lines, and makes sure that all are of one account and in CNY."""

    def __init__(self, form: Form, bankacct: str | None) -> None:
        self._form = form
        self._places = _Places.of(form)
        self._width = max(self._places, default=0) + 1
        self._length = 0
        self._account: str | None = None
        self._currency = "CNY"
        self.bankacct = bankacct
        self.red_rows: list[int] = []
        """Rows with a negative figure where the column or a flag tells the direction: the bank corrects (红字)."""

    def read(self, row_no: int, row: Row) -> Line:
        """The line of one row; raises ``BadLine`` or ``CurrencyNotSupported`` naming the row."""
        try:
            return self._read(row_no, row)
        except _Wrong as wrong:
            raise BadLine.in_row(row_no, str(wrong)) from None

    def time_of(self, row: Row) -> time | None:
        """The time of day of a row that was read, where the file tells it."""
        places = self._places
        return read_time(_cell(clean_cells(row), places.booked_on if places.booked_at is None else places.booked_at))

    def _read(self, row_no: int, row: Row) -> Line:
        self._require_width(row)
        cells, places = clean_cells(row), self._places
        self._require_currency(row_no, _cell(cells, places.currency))
        direction, amount_fen = self._amount(row_no, cells)
        account, counterparty_acct, counterparty_name = self._sides(direction, cells)
        self._require_account(row_no, account)
        booked_on, value_on = _cell(cells, places.booked_on), _cell(cells, places.value_on)
        order = self._form.mapping.date_order
        try:
            day = read_date(booked_on, order)
            value_day = read_date(value_on, order) if value_on else day
        except ValueError:
            raise _Wrong("的日期无法识别") from None
        return Line(
            row_no,
            1,
            direction,
            amount_fen,
            day,
            value_day,
            bank_ref=short(_cell(cells, places.bank_ref)),
            note=short(" ".join([text for place in places.notes if (text := cells[place])])),
            counterparty_acct=clean_account(counterparty_acct)[:64] or None,
            counterparty_name=short(counterparty_name),
            balance_fen=_fen(_cell(cells, places.balance), "余额"),
            is_return=self.red_rows[-1:] == [row_no],
        )

    def _require_width(self, row: Row) -> None:
        if len(row) < self._width:
            raise _Wrong("的列数少于表头")
        # A comma without quotes moves every field after it; a comma at the end of every row does no harm.
        self._length = self._length or len(row)
        beyond = row[len(self._form.header) :]
        if beyond and (any(beyond) or len(row) != self._length):
            raise _Wrong("的列数多于表头")

    def _amount(self, row_no: int, cells: Row) -> tuple[Direction, int]:
        """Direction and fen; 0 where the row says so, as of a payment that moved nothing."""
        kind, places = self._form.amount, self._places.amounts
        if isinstance(kind, TwoColumns):
            into, out = _money(cells, places[0], kind.money_in), _money(cells, places[1], kind.money_out)
            if into and out:
                raise _Wrong("的收入和支出同时有金额")
            told, is_red = (into, out), min(into or 0, out or 0) < 0
            signed = (into or 0) - (out or 0)
        else:
            amount = _money(cells, places[0], kind.amount)
            told, is_red, signed = (amount, None), False, amount or 0
            if isinstance(kind, Flagged):
                is_red = signed < 0 and not kind.is_signed
                signed = _by_flag(signed, _cell(cells, places[1]), kind)
        if told == (None, None):
            raise _Wrong("没有金额")
        if is_red:
            self.red_rows.append(row_no)
        return (Direction.DEBIT, -signed) if signed < 0 else (Direction.CREDIT, signed)

    def _sides(self, direction: Direction, cells: Row) -> tuple[str | None, str, str]:
        """The account's own number (``None`` where no column tells it), the counterparty's, and its name."""
        places = self._places
        own = None if places.bankacct is None else _cell(cells, places.bankacct)
        if not places.parties:
            return own, _cell(cells, places.counterparty_acct), _cell(cells, places.counterparty_name)
        payer_acct, payer_name, payee_acct, payee_name = (_cell(cells, place) for place in places.parties)
        if direction is Direction.CREDIT:
            return own or payee_acct, payer_acct, payer_name
        return own or payer_acct, payee_acct, payee_name

    def _require_account(self, row_no: int, told: str | None) -> None:
        if told is None or told == self._account:
            return
        account = clean_account(told)
        if not account:
            raise _Wrong("缺少账号")
        if self.bankacct is None:
            self.bankacct = account
        if account != self.bankacct:
            code, text = "statement-several-accounts", f"第 {row_no} 行的账号与其他行或指明的账户不同"
            raise UnsupportedForm(text, code=code, errors=[FieldError(f"/rows/{row_no}", code, text)])
        self._account = told

    def _require_currency(self, row_no: int, currency: str) -> None:
        if not currency or currency == self._currency:
            return
        if not self._form.mapping.is_cny(currency):
            text = f"第 {row_no} 行的币种不是人民币"
            error = FieldError(f"/rows/{row_no}", CurrencyNotSupported.code, text)
            raise CurrencyNotSupported(f"{text}，整份文件不予入账", errors=[error])
        self._currency = currency


class _Wrong(Exception):
    """What is wrong with the row at hand."""


def _by_flag(amount: int, flag: str, kind: Flagged) -> int:
    if flag not in kind.in_values and flag not in kind.out_values:
        raise _Wrong("的借贷标志无法识别")
    is_in = flag in kind.in_values
    if not kind.is_signed:
        return amount if is_in else -amount
    if is_in and amount < 0:
        raise _Wrong("的金额正负与借贷标志不符")
    return amount if is_in else -abs(amount)


def _money(cells: Row, place: int | None, headers: Headers) -> int | None:
    text = _cell(cells, place)
    return None if text in _NOTHING else _fen(text, headers[0])


def _fen(text: str, name: str) -> int:
    try:
        return read_fen(text)
    except ValueError:
        raise _Wrong(f"的“{name}”不是有效金额") from None


def _cell(cells: Row, place: int | None) -> str:
    return "" if place is None else cells[place]
