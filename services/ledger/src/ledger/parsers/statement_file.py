"""A spooled bank file of any form, read twice: once to judge it whole, once to hand out its lines."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from ledger.domain.notice import NoticeHead
from ledger.domain.statement import Line, StatementHead, require_sound
from ledger.parsers import camt053, camt054, mapped_statement
from ledger.parsers.camt import CamtKind, kind_of
from ledger.parsers.errors import UnsupportedForm
from ledger.parsers.file_kind import FileKind, require_kind
from ledger.parsers.forms import Form, detect_form
from ledger.parsers.mapping import shipped_mappings


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


class MappedFile:
    """A bank's CSV or Excel export; one statement."""

    def __init__(self, form: Form, kind: FileKind, bankacct: str | None) -> None:
        self._form = form
        self._bankacct = bankacct
        self.form = f"{kind.value}.{form.mapping.code}"
        self.heads = [mapped_statement.read_head(form, bankacct)]
        self.notices: list[NoticeHead] = []

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Every line, read from the file again."""
        return ((0, line) for line in mapped_statement.read_lines(self._form, self._bankacct))


def open_statement_file(
    file: BinaryIO, kind: FileKind, *, mapping: str | None = None, bankacct: str | None = None
) -> StatementFile:
    """Read and judge a whole file that was announced as ``kind``; blocking, so call it in a thread.

    ``mapping`` names the bank's form; without it the header row decides. ``bankacct`` says whose a CSV or Excel export
    is that tells no account. Raises a ``StatementRefused``.
    """
    require_kind(file, kind)
    opened = _open(file, kind, mapping, bankacct)
    for head in opened.heads:
        require_sound(head)
    return opened


def _open(file: BinaryIO, kind: FileKind, mapping: str | None, bankacct: str | None) -> StatementFile:
    if kind is FileKind.XML:
        return NoticeFile(file) if kind_of(file) is CamtKind.NOTIFICATION else CamtFile(file)
    mappings = shipped_mappings()
    if mapping is not None and mapping not in mappings:
        raise UnsupportedForm(f"没有这个银行格式，可用的有：{'、'.join(mappings)}")
    candidates = mappings.values() if mapping is None else [mappings[mapping]]
    return MappedFile(detect_form(file, kind, candidates), kind, bankacct)
