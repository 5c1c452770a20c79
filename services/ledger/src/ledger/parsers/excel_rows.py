"""The rows of the sheets of an Excel workbook, read by a process of its own."""

import csv
import io
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from ledger.parsers.errors import NotAStatement
from ledger.parsers.excel_bounds import MAX_FILE_BYTES, MAX_SHEETS, PASSWORD, TOO_MANY_SHEETS, UNREADABLE
from ledger.parsers.text_rows import Row

_MAX_SECONDS = 90
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each may take a gigabyte while it reads; the others wait in their threads."""
_REASONS = {
    PASSWORD: "Excel 文件有密码，请去掉密码后上传",
    UNREADABLE: "文件不是可以读取的 Excel 工作簿（XLS、XLSX），可能是压缩包、其他文档或已损坏",
    TOO_MANY_SHEETS: f"Excel 文件的工作表超过 {MAX_SHEETS} 张，请只留下明细后上传",
}


@dataclass(frozen=True, slots=True)
class SheetRows:
    """One sheet of a converted workbook; row numbers are the sheet's."""

    converted: io.TextIOBase
    number: str

    def first(self, count: int) -> list[Row]:
        """Up to ``count`` rows from the beginning."""
        return list(islice(self.all(), count))

    def all(self) -> Iterator[Row]:
        """Every row."""
        self.converted.seek(0)
        return (row[1:] for row in csv.reader(self.converted) if row[0] == self.number)


def sheets_of(file: BinaryIO) -> list[SheetRows]:
    """The visible sheets that hold anything; raises ``NotAStatement`` for what cannot be read at a bearable cost."""
    file.seek(0)
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise NotAStatement(
            f"Excel 文件不能超过 {MAX_FILE_BYTES // 2**20} MB，请导出为 CSV", code="statement-too-large"
        )
    # Anonymous, and gone with the last reference to it.
    converted = tempfile.TemporaryFile()  # noqa: SIM115
    _convert(content, converted)
    converted.seek(0)
    text = io.TextIOWrapper(converted, encoding="utf-8", newline="")
    numbers = dict.fromkeys(row[0] for row in csv.reader(text) if any(row[1:]))
    return [SheetRows(text, number) for number in numbers]


def _convert(content: bytes, converted: BinaryIO) -> None:
    command = [sys.executable, "-I", "-m", "ledger.parsers.excel_dump"]
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603
                command, input=content, stdout=converted, stderr=subprocess.DEVNULL, timeout=_MAX_SECONDS, check=False
            )
    except subprocess.TimeoutExpired:
        raise NotAStatement("Excel 文件过于复杂，请导出为 CSV", code="statement-too-large") from None
    if done.returncode in _REASONS:
        raise NotAStatement(_REASONS[done.returncode])
    if done.returncode:
        raise NotAStatement("Excel 文件过大或已损坏，请导出为 CSV", code="statement-too-large")
