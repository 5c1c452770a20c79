"""A spooled bank file of any form, read twice: once to judge it whole, once to hand out its lines."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from ledger.domain.notice import NoticeHead
from ledger.domain.statement import Line, StatementHead, require_sound
from ledger.parsers import camt053, camt054, csv_statement
from ledger.parsers.camt import CamtKind, kind_of
from ledger.parsers.csv_mapping import shipped_mappings
from ledger.parsers.csv_rows import Form, detect_form
from ledger.parsers.errors import UnsupportedForm


class StatementFile(Protocol):
    """A judged file: of statements, whose ``heads`` are sound, or of ``notices``; never of both."""

    form: str
    heads: list[StatementHead]
    notices: list[NoticeHead]

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line with the index of its statement or notice, in the file's order, read from the file again."""
        ...


class CamtFile:
    """camt.053."""

    form = CamtKind.STATEMENT.value

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.heads = camt053.read_heads(file)
        self.notices: list[NoticeHead] = []

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, read from the file again."""
        return camt053.read_lines(self._file)


class NoticeFile:
    """camt.054: what it says is announced, and booked only by a statement."""

    form = CamtKind.NOTIFICATION.value

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.heads: list[StatementHead] = []
        self.notices = camt054.read_heads(file)

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, read from the file again."""
        return camt054.read_lines(self._file)


class CsvFile:
    """A bank's CSV; one statement."""

    def __init__(self, file: BinaryIO, form: Form) -> None:
        self._file = file
        self._form = form
        self.form = f"csv.{form.mapping.code}"
        self.heads = [csv_statement.read_head(file, form)]
        self.notices: list[NoticeHead] = []

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, read from the file again."""
        return ((0, line) for line in csv_statement.read_lines(self._file, self._form))


def open_statement_file(file: BinaryIO, *, is_xml: bool, mapping: str | None = None) -> StatementFile:
    """Read and judge a whole file; blocking, so call it in a thread.

    ``mapping`` names the bank's CSV form; without it the header row decides. Raises a ``StatementRefused``.
    """
    opened = _open(file, is_xml=is_xml, mapping=mapping)
    for head in opened.heads:
        require_sound(head)
    return opened


def _open(file: BinaryIO, *, is_xml: bool, mapping: str | None) -> StatementFile:
    if not is_xml:
        return CsvFile(file, _csv_form(file, mapping))
    return NoticeFile(file) if kind_of(file) is CamtKind.NOTIFICATION else CamtFile(file)


def _csv_form(file: BinaryIO, mapping: str | None) -> Form:
    mappings = shipped_mappings()
    if mapping is None:
        return detect_form(file, mappings.values())
    if mapping not in mappings:
        raise UnsupportedForm("没有这个银行格式，请查看接口说明中的 mapping 取值")
    return detect_form(file, [mappings[mapping]])
