"""Which bank's form a file of rows has, and its rows without what stands around them."""

import unicodedata
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Protocol

from ledger.parsers.amounts import clean_cell, read_date
from ledger.parsers.errors import UnsupportedForm
from ledger.parsers.excel_rows import sheets_of
from ledger.parsers.file_kind import FileKind
from ledger.parsers.mapping import BankMapping, Flagged, Headers, Signed, TwoColumns
from ledger.parsers.text_rows import Row, TextRows, require_decodable

_MAX_FOOTERS = 1000


class Rows(Protocol):
    """Something that has rows: a text in an encoding, a sheet."""

    def first(self, count: int) -> list[Row]:
        """Up to ``count`` rows from the beginning."""
        ...

    def all(self) -> Iterator[Row]:
        """Every row."""
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping that fits the rows, how it tells amounts, and at which row (from 1) its header stands."""

    mapping: BankMapping
    amount: TwoColumns | Signed | Flagged
    rows: Rows
    header_row: int
    header: tuple[str, ...]
    preamble: tuple[Row, ...]

    def column(self, headers: Headers | None) -> int | None:
        """The index of a column, ``None`` where the mapping or the file has none."""
        return _find(self.header, headers) if headers else None


def detect_form(file: BinaryIO, kind: FileKind, mappings: Iterable[BankMapping]) -> Form:
    """The one form that the file's beginning shows.

    Raises ``NotAStatement``, ``WrongEncoding`` or ``UnsupportedForm``.
    """
    sheets = sheets_of(file) if kind is FileKind.EXCEL else None
    tried = list(mappings)
    forms = [form for mapping in tried for form in _fitting(sheets, file, mapping)]
    if not forms:
        if sheets is None:
            require_decodable(file)
        raise UnsupportedForm(_fits_none(tried))
    if len({form.mapping.code for form in forms}) < len(forms):
        # One would be taken, and the others lost without a word.
        raise UnsupportedForm("工作簿中有不止一张工作表是明细，请每张单独上传", code="statement-several-sheets")
    if len(forms) > 1:
        names = "、".join(form.mapping.code for form in forms)
        raise UnsupportedForm(f"表头与多种银行格式相符（{names}），请用 mapping 参数指明")
    return forms[0]


def _fits_none(tried: Sequence[BankMapping]) -> str:
    if len(tried) == 1:
        return f"表头与“{tried[0].name}”的格式不符；不指明 mapping 时按表头识别"
    return "表头与已配置的银行格式都不相符；请核对导出的是否对账明细，新的银行须先增加格式文件"


def data_rows(form: Form) -> Iterator[tuple[int, Row]]:
    """The data rows with their row number in the file (from 1); blank rows and footers are left out."""
    day = form.column(form.mapping.columns.booked_on)
    for row_no, row in enumerate(form.rows.all(), start=1):
        if row_no > form.header_row and not _is_noise(row, form.mapping, day):
            yield row_no, row


def footer_rows(form: Form) -> Collection[Row]:
    """What stands below the header and is no data, the last of it: a file made to do harm may hold nothing else."""
    day = form.column(form.mapping.columns.booked_on)
    below = islice(form.rows.all(), form.header_row, None)
    return deque((row for row in below if _is_noise(row, form.mapping, day)), maxlen=_MAX_FOOTERS)


def fold(header: str) -> str:
    """A header in the form in which headers are compared: without spaces, and without a translation in brackets."""
    folded = "".join(unicodedata.normalize("NFKC", clean_cell(header)).split())
    name, bracket, translation = folded.partition("[")
    return name if bracket and name and translation.endswith("]") else folded


def _texts(file: BinaryIO, mapping: BankMapping) -> list[TextRows]:
    return [TextRows(file, encoding, mark) for encoding in mapping.encodings for mark in mapping.delimiters]


def _fitting(sheets: Sequence[Rows] | None, file: BinaryIO, mapping: BankMapping) -> list[Form]:
    """Every sheet that the mapping fits; of a text the first reading, since all are of the same bytes."""
    if sheets is not None:
        return [form for sheet in sheets if (form := _fit(sheet, mapping)) is not None]
    return next(([form] for text in _texts(file, mapping) if (form := _fit(text, mapping)) is not None), [])


def _fit(rows: Rows, mapping: BankMapping) -> Form | None:
    preamble: list[Row] = []
    for row in rows.first(mapping.max_preamble_lines + 1):
        header = tuple(fold(cell) for cell in row)
        if all(_find(header, headers) is not None for headers in mapping.required):
            for amount in mapping.amount:
                if all(_find(header, headers) is not None for headers in amount.headers):
                    return Form(mapping, amount, rows, len(preamble) + 1, header, tuple(preamble))
        preamble.append(row)
    return None


def _find(header: Sequence[str], headers: Headers) -> int | None:
    return next((header.index(name) for name in map(fold, headers) if name in header), None)


def _is_noise(row: Row, mapping: BankMapping, day: int | None) -> bool:
    """Blank, or a footer. A row with a booking day is neither: leaving it out would lose money."""
    for cell in row:
        if first := clean_cell(cell):
            break
    else:
        return True
    return first.startswith(mapping.footer_prefixes) and not (
        day is not None and day < len(row) and _is_date(row[day], mapping)
    )


def _is_date(cell: str, mapping: BankMapping) -> bool:
    try:
        read_date(clean_cell(cell), mapping.date_order)
    except ValueError:
        return False
    return True
