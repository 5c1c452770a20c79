"""The rows of a CSV file: decoded and bounded."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from ledger.parsers.errors import BadLine, WrongEncoding

LOOK_BYTES = 65_536
_MAX_LINE = 32_768
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OF_BANKS = ("utf-8-sig", "gb18030")

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class TextRows:
    """A file read in one encoding with one delimiter."""

    file: BinaryIO
    encoding: str
    delimiter: str

    def first(self, count: int) -> list[Row]:
        """Up to ``count`` rows from the beginning; none where the text is not of this encoding."""
        self.file.seek(0)
        start = self.file.read(LOOK_BYTES)
        if self.encoding == "utf-16" and not start.startswith(_MARKS):
            return []
        try:
            # The look may end inside a character.
            text = start.decode(self.encoding, errors="ignore" if len(start) == LOOK_BYTES else "strict")
            return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), count))
        except (UnicodeDecodeError, csv.Error):
            return []

    def all(self) -> Iterator[Row]:
        """Every row; raises ``WrongEncoding`` or ``BadLine``."""
        self.file.seek(0)
        text = io.TextIOWrapper(_Unclosed(self.file), encoding=self.encoding, errors="strict", newline="")
        reader = csv.reader(_bounded_lines(text), delimiter=self.delimiter, strict=True)
        try:
            yield from reader
        except UnicodeDecodeError:
            # The text layer decodes ahead of the row that was read last.
            row_no = _undecodable_row(self.file, self.encoding) or reader.line_num
            raise WrongEncoding.in_row(row_no, self.encoding) from None
        except csv.Error:
            raise BadLine.in_row(reader.line_num, "的引号没有闭合，或字段过长") from None


def require_decodable(file: BinaryIO) -> None:
    """Returns when the file is text in an encoding that banks use; raises ``WrongEncoding`` with the line."""
    file.seek(0)
    is_utf16 = file.read(2) in _MARKS
    rows = [_undecodable_row(file, encoding) for encoding in (("utf-16",) if is_utf16 else _OF_BANKS)]
    if None not in rows:
        raise WrongEncoding.in_row(max(row for row in rows if row is not None), "UTF-8、UTF-16 或 GB18030")


def _undecodable_row(file: BinaryIO, encoding: str) -> int | None:
    """The first line that is no text in ``encoding`` or holds a NUL, ``None`` where there is none."""
    file.seek(0)
    decoder, row_no, is_last = codecs.getincrementaldecoder(encoding)("strict"), 1, False
    while not is_last:
        chunk = file.read(LOOK_BYTES)
        is_last = not chunk
        try:
            text = decoder.decode(chunk, final=is_last)
        except UnicodeDecodeError as error:
            return row_no + error.object[: error.start].decode(encoding, errors="ignore").count("\n")
        if "\0" in text:
            return row_no + text[: text.index("\0")].count("\n")
        row_no += text.count("\n")
    return None


class _Unclosed(io.BufferedReader):
    """Lets the text layer go away without closing the file, which is read twice."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)  # type: ignore[arg-type]

    def close(self) -> None:
        """Keep the file open."""


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_MAX_LINE):
        if len(line) == _MAX_LINE and not line.endswith("\n"):
            raise BadLine("文件中有过长的行")
        yield line
