"""A spooled bank file of either form, read twice: once to judge it whole, once to hand out its lines."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from ledger.domain.statement import Line, StatementHead, require_sound
from ledger.parsers import camt053, csv_statement
from ledger.parsers.csv_mapping import shipped_mappings
from ledger.parsers.csv_rows import Form, detect_form
from ledger.parsers.errors import UnsupportedForm

CAMT053 = "camt.053"


class StatementFile(Protocol):
    """A judged file: ``heads`` are sound, ``lines`` yields (index into ``heads``, line) in the file's order."""

    form: str
    heads: list[StatementHead]

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, read from the file again."""
        ...


class CamtFile:
    """camt.053."""

    form = CAMT053

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.heads = camt053.read_heads(file)

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, read from the file again."""
        return camt053.read_lines(self._file)


class CsvFile:
    """A bank's CSV; one statement."""

    def __init__(self, file: BinaryIO, form: Form) -> None:
        self._file = file
        self._form = form
        self.form = f"csv.{form.mapping.code}"
        self.heads = [csv_statement.read_head(file, form)]

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, read from the file again."""
        return ((0, line) for line in csv_statement.read_lines(self._file, self._form))


def open_statement_file(file: BinaryIO, *, is_xml: bool, mapping: str | None = None) -> StatementFile:
    """Read and judge a whole file; blocking, so call it in a thread.

    ``mapping`` names the bank's CSV form; without it the header row decides. Raises a ``StatementRefused``.
    """
    opened: StatementFile = CamtFile(file) if is_xml else CsvFile(file, _csv_form(file, mapping))
    for head in opened.heads:
        require_sound(head)
    return opened


def _csv_form(file: BinaryIO, mapping: str | None) -> Form:
    mappings = shipped_mappings()
    if mapping is None:
        return detect_form(file, mappings.values())
    if mapping not in mappings:
        raise UnsupportedForm("没有这个银行格式，请查看接口说明中的 mapping 取值")
    return detect_form(file, [mappings[mapping]])
