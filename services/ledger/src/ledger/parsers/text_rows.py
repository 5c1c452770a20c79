"""The rows of a CSV file: decoded and bounded."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from ledger.parsers.errors import BadLine, WrongEncoding

LOOK_BYTES = 65_536
_MAX_LINE = 32_768

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
            raise WrongEncoding(f"文件不是 {self.encoding} 编码的文本") from None
        except csv.Error:
            raise BadLine.in_row(reader.line_num, "的引号没有闭合，或字段过长") from None


def require_decodable(file: BinaryIO) -> None:
    """Returns when the file begins as text in an encoding that banks use; raises ``WrongEncoding``."""
    file.seek(0)
    start = file.read(LOOK_BYTES)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            start.decode(encoding, errors="ignore" if len(start) == LOOK_BYTES else "strict")
        except UnicodeDecodeError:
            continue
        if b"\x00" not in start:
            return
    raise WrongEncoding("文件不是 UTF-8、UTF-16 或 GB18030 编码的文本")


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
