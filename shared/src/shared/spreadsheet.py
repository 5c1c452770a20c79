"""Rows as CSV and XLSX, so that a spreadsheet shows them and runs nothing of them.

XLSX by XlsxWriter (BSD-2-Clause): text is written as text, whatever it begins with. In CSV a text that a spreadsheet
would take for a formula gets an apostrophe before it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO

from shared.money import format_yuan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_NAME = 31
_WIDTH = 18
_MOST_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class Yuan:
    """An amount in fen, shown in yuan with two places."""

    fen: int


Cell = str | int | date | Yuan | None
Rows = Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One page of a workbook; its first row is the heading that stays in sight."""

    name: str
    rows: Rows


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV would compute ``text``."""
    return text.startswith(_STARTS_A_FORMULA)


def as_csv(rows: Rows) -> str:
    """RFC 4180 with a byte order mark, so that spreadsheets read the Chinese."""
    out = io.StringIO(newline="")
    write_csv(out, rows)
    return out.getvalue()


def write_csv(out: IO[str], rows: Rows) -> None:
    """The same row by row to ``out``, which must leave line ends as they are."""
    out.write("\ufeff")
    csv.writer(out).writerows([_text(cell) for cell in row] for row in rows)


def write_xlsx(out: IO[bytes], sheets: Iterable[Worksheet]) -> None:
    """A workbook, row by row to ``out``: whatever its length, a row is in memory until the next one comes.

    Amounts are numbers with two places, dates are dates, everything else stays as it is.

    What is more than a sheet of a workbook can hold is left out, and its last row says so.
    """
    import xlsxwriter  # 2 MB, and only workbooks need it

    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
        plain, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        for each in sheets:
            page = book.add_worksheet(each.name[:_LONGEST_NAME])
            page.set_column(0, _WIDTH, _WIDTH)
            page.freeze_panes(1, 0)
            for row_no, row in enumerate(_fitting(each.rows)):
                for place, cell in enumerate(row):
                    match cell:
                        case None:
                            continue
                        case Yuan():
                            page.write_number(row_no, place, Decimal(cell.fen) / 100, money)
                        case int():
                            page.write_number(row_no, place, cell)
                        case date():
                            page.write_datetime(row_no, place, cell, day)
                        case _:
                            # Case numbers and accounts stay text: as numbers they would lose digits.
                            page.write_string(row_no, place, cell, plain if row_no else bold)


def _fitting(rows: Rows) -> Iterator[Sequence[Cell]]:
    for row_no, row in enumerate(rows, start=1):
        if row_no == _MOST_ROWS:
            yield ["工作表已满，其余各行请下载 CSV"]
            return
        yield row


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Yuan():
            return format_yuan(cell.fen)
        case date():
            return cell.isoformat()
        case str():
            return f"'{cell}" if starts_a_formula(cell) else cell
        case _:
            return str(cell)
