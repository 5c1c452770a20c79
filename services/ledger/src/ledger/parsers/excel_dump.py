"""``python -m ledger.parsers.excel_dump``: a workbook on standard input becomes CSV on standard output.

A process of its own, since a workbook of some bytes can ask for any amount of memory (a cell in the last row of the
last column), and the reader would take the service down with it. The first cell of every row is the sheet's number.
Hidden sheets are left out: nobody who uploads the file sees them. Exit codes: 0 done, 3 protected by a password, 4 not
a workbook that can be read, 5 too many sheets, anything else: stopped by its bounds.
"""

import csv
import io
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ledger.parsers.excel_bounds import MAX_FILE_BYTES, MAX_SHEETS, PASSWORD, TOO_MANY_SHEETS, UNREADABLE

_MAX_MEMORY_BYTES = 1024 * 2**20
_MAX_OUTPUT_BYTES = 256 * 2**20
_MAX_SECONDS = 60
_EXACT = 10**15


def main() -> int:
    """Convert; gives the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_OUTPUT_BYTES, _MAX_OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_SECONDS, _MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = csv.writer(io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline=""))
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read(MAX_FILE_BYTES)))
        numbers = _shown(workbook)
        if len(numbers) > MAX_SHEETS:
            return TOO_MANY_SHEETS
        for number in numbers:
            out.writerows(_rows(workbook, number))
    except PasswordError:
        return PASSWORD
    except CalamineError:
        return UNREADABLE
    return 0


def _shown(workbook: CalamineWorkbook) -> list[int]:
    """The sheets that a person sees who opens the workbook."""
    return [
        number
        for number, sheet in enumerate(workbook.sheets_metadata)
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _rows(workbook: CalamineWorkbook, number: int) -> Iterator[list[str]]:
    sheet = workbook.get_sheet_by_index(number)
    above, left = sheet.start or (0, 0)
    # Rows and columns keep their numbers, so that an error names the row that a person sees.
    yield from ([str(number)] for _ in range(above))
    for row in sheet.iter_rows():
        yield [str(number), *([""] * left), *(_text(value) for value in row)]


def _text(value: object) -> str:
    """A cell as a bank would have written it into a CSV."""
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    """What Excel shows of a number: it keeps 15 digits.

    An account number of more that was typed as a number is lost, and must not pass as another one.
    """
    if value.is_integer():
        return str(int(value)) if abs(value) < _EXACT else ""
    return f"{Decimal(f'{value:.15g}'):f}"


if __name__ == "__main__":
    sys.exit(main())
