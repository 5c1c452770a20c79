"""The rows of a bank's CSV: decoded, bounded, and with the header row found."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from ledger.parsers.amounts import clean_cell, read_date
from ledger.parsers.csv_mapping import CsvMapping, Headers
from ledger.parsers.errors import BadLine, NotAStatement, UnsupportedForm, WrongEncoding

_MAX_LINE = 32_768
_LOOK_BYTES = 65_536
_OTHER_FORMS = {
    b"\xd0\xcf\x11\xe0": "文件是 Excel（XLS），请从网银导出 CSV",
    b"PK\x03\x04": "文件是 Excel（XLSX）或压缩包，请从网银导出 CSV",
    b"%PDF": "文件是 PDF，请从网银导出 CSV",
    b"\x1f\x8b": "文件是压缩包，请解压后上传",
}
_HTML = (b"<html", b"<!doctype", b"<table", b"<head", b"<?xml", b"<meta")


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping that fits the file, in which encoding, and at which row (from 1) its header stands."""

    mapping: CsvMapping
    encoding: str
    header_row: int
    header: tuple[str, ...]
    preamble: tuple[tuple[str, ...], ...]

    def column(self, headers: Headers | None) -> int | None:
        """The index of a column, ``None`` where the mapping or the file has none."""
        return _find(self.header, headers) if headers else None


def detect_form(file: BinaryIO, mappings: Iterable[CsvMapping]) -> Form:
    """The one form that the file's beginning shows.

    Raises ``NotAStatement``, ``WrongEncoding`` or ``UnsupportedForm``.
    """
    file.seek(0)
    start = file.read(_LOOK_BYTES)
    _require_text(start)
    forms = [form for mapping in mappings if (form := _fit(start, mapping)) is not None]
    if not forms:
        _require_decodable(start)
        raise UnsupportedForm("表头与已配置的银行格式都不相符")
    if len({form.mapping.code for form in forms}) > 1:
        raise UnsupportedForm("表头与多种银行格式相符，请用 mapping 参数指明")
    return forms[0]


def rows_after_header(file: BinaryIO, form: Form) -> Iterator[tuple[int, Sequence[str]]]:
    """The data rows with their row number in the file (from 1); blank rows and footers are left out.

    A row with a booking day is never a footer, whatever it begins with: leaving it out would lose money.
    """
    file.seek(0)
    day = form.column(form.mapping.columns.booked_on)
    text = io.TextIOWrapper(_Unclosed(file), encoding=form.encoding, errors="strict", newline="")
    reader = csv.reader(_bounded_lines(text), delimiter=form.mapping.delimiter, strict=True)
    try:
        for row_no, row in enumerate(reader, start=1):
            if row_no > form.header_row and not _is_noise(row, form.mapping, day):
                yield row_no, row
    except UnicodeDecodeError:
        raise WrongEncoding(f"文件不是 {form.encoding} 编码的文本") from None
    except csv.Error:
        raise BadLine("CSV 格式错误：有未闭合的引号或过长的字段") from None


def fold(header: str) -> str:
    """A header in the form in which headers are compared."""
    return "".join(unicodedata.normalize("NFKC", header).split())


class _Unclosed(io.BufferedReader):
    """Lets the text layer go away without closing the file, which is read twice."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)  # type: ignore[arg-type]

    def close(self) -> None:
        """Keep the file open."""


def _fit(start: bytes, mapping: CsvMapping) -> Form | None:
    for encoding in mapping.encodings:
        try:
            text = start.decode(encoding, errors="ignore" if len(start) == _LOOK_BYTES else "strict")
        except UnicodeDecodeError:
            continue
        found = _header(text, mapping)
        if found is not None:
            preamble, header = found
            return Form(mapping, encoding, len(preamble) + 1, header, preamble)
    return None


def _header(text: str, mapping: CsvMapping) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]] | None:
    preamble: list[tuple[str, ...]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter)
    try:
        for row in islice(reader, mapping.max_preamble_lines + 1):
            header = tuple(fold(cell) for cell in row)
            if all(_find(header, headers) is not None for headers in mapping.required):
                return tuple(preamble), header
            preamble.append(tuple(row))
    except csv.Error:
        return None
    return None


def _find(header: Sequence[str], headers: Headers) -> int | None:
    wanted = {fold(name) for name in headers}
    return next((index for index, name in enumerate(header) if name in wanted), None)


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_MAX_LINE):
        if len(line) == _MAX_LINE and not line.endswith("\n"):
            raise BadLine("文件中有过长的行")
        yield line


def _is_noise(row: Sequence[str], mapping: CsvMapping, day: int | None) -> bool:
    first = next((text for cell in row if (text := clean_cell(cell))), None)
    if first is None:
        return True
    return first.startswith(mapping.footer_prefixes) and not (day is not None and day < len(row) and _is_date(row[day]))


def _is_date(cell: str) -> bool:
    try:
        read_date(clean_cell(cell))
    except ValueError:
        return False
    return True


def _require_text(start: bytes) -> None:
    for magic, message in _OTHER_FORMS.items():
        if start.startswith(magic):
            raise NotAStatement(message)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        raise NotAStatement("文件是网页或 XML，不是 CSV")


def _require_decodable(start: bytes) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            start.decode(encoding, errors="ignore" if len(start) == _LOOK_BYTES else "strict")
        except UnicodeDecodeError:
            continue
        if b"\x00" not in start:
            return
    raise WrongEncoding("文件不是 UTF-8 或 GB18030 编码的文本")
