"""The list of people that one payment is for, as its payer writes it: case number, name and amount, CSV or Excel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ledger.parsers.amounts import clean_cell, read_fen
from ledger.parsers.excel_rows import sheets_of
from ledger.parsers.file_kind import FileKind, require_kind
from ledger.parsers.forms import Rows, fold
from ledger.parsers.text_rows import Row, TextRows, require_decodable
from shared.case_number import normalise
from shared.errors import FieldError, InvalidInput

MAX_ROWS = 5000
_ENCODINGS = ("utf-8-sig", "gb18030")
_MAX_PREAMBLE = 20
_CASE = ("办件编号", "业务编号", "转移接续编号", "rlts_traf_id")
_NAME = ("姓名", "参保人姓名", "参保人员姓名", "psn_name")
_AMOUNT = ("金额", "转移金额", "划转金额", "个人账户金额", "amount")
_NUMBER = ("应付编号", "应收编号", "obligation_no")
_FOOTERS = ("合计", "总计", "制表", "共计")


class RemittanceListInvalid(InvalidInput):
    """The list cannot be read, or does not agree with the payment; ``errors`` name each row."""

    code = "remittance-list-invalid"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One person's share in fen; ``row_no`` counts the file's rows from 1."""

    row_no: int
    rlts_traf_id: str
    psn_name: str
    amount_fen: int
    obligation_no: str | None


@dataclass(frozen=True, slots=True)
class _Columns:
    case: int
    name: int
    amount: int
    number: int | None


def read_list(file: BinaryIO, kind: FileKind) -> list[ListRow]:
    """Every row of the list; blocking, so call it in a thread.

    Raises ``StatementRefused`` for a file that is not what it is announced as, ``RemittanceListInvalid`` with every
    row that cannot be read.
    """
    require_kind(file, kind)
    for rows in _sources(file, kind):
        preamble = rows.first(_MAX_PREAMBLE)
        for place, row in enumerate(preamble):
            columns = _columns(row)
            if columns is not None:
                return _read(rows, place + 1, columns)
    if kind is FileKind.CSV:
        require_decodable(file)
    raise RemittanceListInvalid("清单中没有“办件编号、姓名、金额”三列的表头")


def _sources(file: BinaryIO, kind: FileKind) -> Sequence[Rows]:
    if kind is FileKind.EXCEL:
        return sheets_of(file)
    return [TextRows(file, encoding, ",") for encoding in _ENCODINGS]


def _columns(row: Row) -> _Columns | None:
    header = [fold(cell) for cell in row]
    case, name, amount = (_find(header, names) for names in (_CASE, _NAME, _AMOUNT))
    if case is None or name is None or amount is None:
        return None
    return _Columns(case, name, amount, _find(header, _NUMBER))


def _find(header: Sequence[str], names: Iterable[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _read(rows: Rows, header_row: int, columns: _Columns) -> list[ListRow]:
    found: list[ListRow] = []
    errors: list[FieldError] = []
    for row_no, row in enumerate(rows.all(), start=1):
        cells = [clean_cell(cell) for cell in row]
        if row_no <= header_row or not any(cells) or next(filter(None, cells)).startswith(_FOOTERS):
            continue
        if len(found) + len(errors) >= MAX_ROWS:
            raise RemittanceListInvalid(f"清单不能超过 {MAX_ROWS} 行")
        try:
            found.append(_row(row_no, cells, columns))
        except ValueError as error:
            errors.append(FieldError(f"/rows/{row_no}", "row-invalid", f"第 {row_no} 行{error}"))
    if errors:
        raise RemittanceListInvalid(f"清单有 {len(errors)} 行不能识别：{errors[0].message}", errors=errors)
    if not found:
        raise RemittanceListInvalid("清单中没有数据行")
    return found


def _row(row_no: int, cells: Sequence[str], columns: _Columns) -> ListRow:
    """Raises ``ValueError`` with what is wrong, in words."""
    case, name, amount = (_cell(cells, place) for place in (columns.case, columns.name, columns.amount))
    if not name:
        raise ValueError("缺少姓名")
    try:
        number = normalise(case)
    except InvalidInput:
        raise ValueError("的办件编号不正确") from None
    try:
        fen = read_fen(amount)
    except ValueError:
        raise ValueError("的金额无法识别") from None
    if fen <= 0:
        raise ValueError("的金额应大于零")
    obligation_no = "" if columns.number is None else _cell(cells, columns.number)
    return ListRow(row_no, number, name, fen, obligation_no or None)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
